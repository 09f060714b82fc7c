import type { Citation } from '../records/laws.ts'

/** What has to be written down with a source: the number that the item has there, and the body that sent it on. */
export type SourceField = 'number' | 'body'

/** How the receipt reaches the complainant: read out, handed over, sent by post, or told when they can be reached. */
export type Handing = 'phone' | 'visit' | 'letter' | 'system'

/**
 * Where a complaint comes from (来源). `by`: the public writes it itself, staff enter it, or another system hands it over. `asks` must be given.
 * `complainant` false: nobody complains, so there is no query code and nobody to answer. The regulation names the clues of its articles; the
 * other ways in are the bureau's own (domain.md 8.1). Words at `source.<code>`.
 */
export interface Source { by: 'public' | 'staff' | 'system', asks: readonly SourceField[], complainant: boolean, handing: Handing, basis: readonly Citation[] }

const CLUES: Citation = { law: 'supervision', article: 20, paragraph: 2 }
const SPECIAL: Citation = { law: 'supervision', article: 21, paragraph: 1 }

export const SOURCES = {
  web: { by: 'public', asks: [], complainant: true, handing: 'visit', basis: [] },
  phone: { by: 'staff', asks: [], complainant: true, handing: 'phone', basis: [] },
  visit: { by: 'staff', asks: [], complainant: true, handing: 'visit', basis: [] },
  letter: { by: 'staff', asks: [], complainant: true, handing: 'letter', basis: [] },
  fax: { by: 'staff', asks: [], complainant: true, handing: 'letter', basis: [] },
  email: { by: 'staff', asks: [], complainant: true, handing: 'letter', basis: [] },
  hotline_12345: { by: 'system', asks: ['number'], complainant: true, handing: 'system', basis: [CLUES] },
  enterprise_contact: { by: 'staff', asks: ['body'], complainant: true, handing: 'system', basis: [CLUES] },
  superior: { by: 'staff', asks: ['number', 'body'], complainant: true, handing: 'system', basis: [] },
  congress: { by: 'staff', asks: ['number', 'body'], complainant: false, handing: 'system', basis: [SPECIAL] },
  advice: { by: 'staff', asks: ['number', 'body'], complainant: false, handing: 'system', basis: [SPECIAL] },
  media: { by: 'staff', asks: ['body'], complainant: false, handing: 'system', basis: [] },
  own_motion: { by: 'staff', asks: [], complainant: false, handing: 'system', basis: [] }
} as const satisfies Record<string, Source>
export type SourceCode = keyof typeof SOURCES

/** The sources that a member of staff may enter: all but what the public writes itself. */
export const ENTERED_SOURCES = (Object.keys(SOURCES) as SourceCode[]).filter(code => SOURCES[code].by !== 'public')

/** The ways in which something can reach the bureau that a member of staff then records, other than the complainant's own page. */
export const RECORDED_CHANNELS = ['phone', 'visit', 'letter', 'email'] as const satisfies readonly SourceCode[]
export type RecordedChannel = (typeof RECORDED_CHANNELS)[number]

/** Whether somebody complained, who gets a query code and an answer. */
export function hasComplainant (source: string): boolean {
  return !Object.hasOwn(SOURCES, source) || SOURCES[source as SourceCode].complainant
}
