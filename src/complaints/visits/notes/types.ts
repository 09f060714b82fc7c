/** What people are told that a visit is for; the words stand at `visit_purpose.<code>`. */
export const PURPOSES = ['inspection', 'investigation', 'penalty', 'coercion', 'other', 'not_told'] as const
export type Purpose = (typeof PURPOSES)[number]

/** Whether certificates were shown; `visit_shown.<code>`. */
export const SHOWN = ['all', 'some', 'none'] as const
export type Shown = (typeof SHOWN)[number]

/** What was done on the spot; `visit_done.<code>`. */
export const DONE = ['looked', 'asked', 'copied', 'recorded', 'sampled', 'kept', 'seized', 'ordered', 'fined', 'other'] as const
export type Done = (typeof DONE)[number]

/** Papers that were handed over; `visit_paper.<code>`. */
export const PAPERS = ['notice', 'record', 'inventory', 'seizure', 'decision', 'receipt', 'other', 'none'] as const
export type Paper = (typeof PAPERS)[number]

/** Longest entries, in characters as people count them. */
export const LIMITS = { agency: 100, officers: 300, time: 50, text: 1500, addition: 1000 } as const
export const MOST_OFFICERS = 10
export const MOST_ADDITIONS = 20

/** An officer as noted; with the record where the certificate number is known. */
export interface NotedOfficer { text: string, officerId?: number }
/** What was written down later. It is added, never mixed into what was noted on the day. */
export interface Addition { at: string, text: string }

/** The note itself, sealed as one text. `date` is the day of the visit in China. */
export interface Visit {
  date: string, time: string, agency: string, agencyId?: number, officers: NotedOfficer[]
  purpose: Purpose | '', shown: Shown | '', done: Done[], papers: Paper[], text: string, added: Addition[]
}

/** A note with what is known of it besides its content. */
export interface Note { id: string, ref: string, madeAt: string, endsAt: string, visit: Visit }
