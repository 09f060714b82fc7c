import type { FastifyRequest } from 'fastify'
import { hasWord } from '../../i18n/index.ts'
import type { Named, registerNames } from '../agencies/repository.ts'
import type { FacetRule } from './definition.ts'

export interface Label { label: string, lang: string | undefined }
export type Names = Awaited<ReturnType<typeof registerNames>>

/** An official name in the reader's language where there is one; Chinese is marked as such on English pages. */
export function officialName (request: FastifyRequest, named: Named): Label {
  const english = request.locale === 'en'
  if (english && named.name_en !== null) return { label: named.name_en, lang: undefined }
  return { label: named.name, lang: english ? 'zh-CN' : undefined }
}

/** What a facet's value is called; a value that nobody knows stands as it came. */
export function labelOf (request: FastifyRequest, names: Names, { says }: FacetRule, value: string): Label {
  if (typeof says === 'object') return { label: hasWord(request.locale, `${says.words}.${value}`) ? request.t(`${says.words}.${value}`) : value, lang: undefined }
  const named = says === 'agency' ? names.bySlug.get(value) : says === 'region' ? names.byRegion.get(value) : says === 'industry' ? names.byIndustry.get(value) : undefined
  return officialName(request, named ?? { name: value, name_en: null })
}
