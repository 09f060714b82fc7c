import { ITEM_LISTS } from '../items/list.ts'
import type { RegisterList } from '../lists/definition.ts'
import { MATTERS } from '../matters/list.ts'

/** Every list of the public register. What stands here has a page, is found by the search and handed out in every format. */
export const REGISTER: readonly RegisterList[] = [MATTERS, ...ITEM_LISTS]

/** The list of a name as it stands in addresses. */
export function listNamed (name: string): RegisterList | undefined {
  return REGISTER.find(list => list.name === name)
}
