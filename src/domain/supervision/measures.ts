/** How supervisors may examine (行政执法监督条例 22); words at `measure.<code>`. Covert visits and symposia stand in the same article. */
export const MEASURES = ['self_check', 'inspection', 'interview', 'covert_visit', 'symposium', 'hearing', 'read_files', 'talk', 'other_measure'] as const
export type Measure = (typeof MEASURES)[number]

/** What is written down of an interview (询问笔录) or an inspection (检查笔录). */
export const RECORD_KINDS = ['interview', 'inspection'] as const
export type RecordKind = (typeof RECORD_KINDS)[number]
