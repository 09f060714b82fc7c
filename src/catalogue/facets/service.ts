import type { FastifyRequest } from 'fastify'
import { spelling } from '../lists/matching/pinyin.ts'
import type { FacetRule } from '../lists/definition.ts'
import type { Names } from '../lists/labels.ts'
import type { Option } from '../lists/panel.ts'

/** A value with the letter under which people look for it. */
export interface Entry extends Option { letter: string }

/** The letter of what begins with a digit or a sign. */
export const OTHERS = '#'

/** The values of a facet in the order of the alphabet: by pinyin for Chinese names. Of 沈阳市和平区市场监督管理局 what counts is 市场监督管理局: its place comes last. */
export async function inAlphabet (request: FastifyRequest, names: Names, rule: FacetRule, options: readonly Option[]): Promise<Entry[]> {
  const spell = await spelling()
  const places = rule.says === 'agency' ? [...names.byRegion.values()].map(({ name }) => name).sort((a, b) => b.length - a.length) : []
  const sorted = options.map(option => {
    const rest = withoutPlace(option.label, places)
    const key = spell(`${rest}${option.label}`).join(' ').toLowerCase()
    return { option, key, letter: /^[a-z]/.test(key) ? key.charAt(0).toUpperCase() : OTHERS }
  })
  sorted.sort((a, b) => (a.letter === OTHERS ? 1 : 0) - (b.letter === OTHERS ? 1 : 0) || (a.key < b.key ? -1 : a.key > b.key ? 1 : a.option.value < b.option.value ? -1 : 1))
  return sorted.map(({ option, letter }) => ({ ...option, letter }))
}

/** A name without the city and the district that it begins with, unless nothing is left. */
function withoutPlace (name: string, places: readonly string[]): string {
  let rest = name
  for (let found = places.find(place => rest.startsWith(place)); found !== undefined && found.length < rest.length; found = places.find(place => rest.startsWith(place))) rest = rest.slice(found.length)
  return rest
}
