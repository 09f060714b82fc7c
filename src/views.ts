import type { RouteName } from './paths.ts'

/** What every page may tell its layout. */
export interface Frame {
  title: string
  description?: string
  noindex?: boolean
  /** Which entry of the bar above is lit: one of the public's, or at the desk the route that it leads to (`plugins/navigation.ts`). */
  section?: 'matters' | 'verify' | 'prohibitions' | 'complain' | 'track' | RouteName
  query?: string
  /** Where the page can be read again, as `request.path` gives it, when that is not the address that answered: a form sent with faults, whose address needs a query. */
  self?: string
  hideSearch?: boolean
  breadcrumbs?: Array<{ text: string, href?: string, lang?: string }>
  back?: { href: string, label?: string }
  /** The record that the page shows, by set and code: its feed, its print, its corrections. */
  register?: { set: string, code: string }
  /** Feeds that browsers and readers may discover. */
  feeds?: Array<{ title: string, href: string }>
  /** What the page is about, for machines (JSON-LD). */
  ld?: object
  errors?: Array<{ field: string, text: string }>
}

/** View name → its data. Each feature adds its own pages here by augmentation; `reply.page` accepts nothing else. */
export interface Views {
  'errors/show': Frame & { status: number, heading: string, help: string, requestId: string, search: boolean, desk: boolean }
}

export type ViewName = keyof Views & string
