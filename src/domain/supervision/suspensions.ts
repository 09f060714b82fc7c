/** What a case may wait for while nobody works on it (中止); words at `suspension.<code>`. The law sets none for complaints: our own list. */
export const SUSPENSIONS = ['court', 'criminal', 'appraisal', 'interpretation', 'force_majeure'] as const
export type Suspension = (typeof SUSPENSIONS)[number]
