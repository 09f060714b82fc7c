/** What a case may wait for while nobody works on it (中止); words at `suspension.<code>`. The law sets none for complaints: our own list. */
export const SUSPENSIONS = ['court', 'criminal', 'appraisal', 'interpretation', 'force_majeure'] as const
export type Suspension = (typeof SUSPENSIONS)[number]

/** Why a clock stands still (期限中止的原因); words at `pause.<reason>`. Waiting for the complainant begins with the request for a supplement and ends with any answer. */
export const PAUSE_REASONS = ['complainant', ...SUSPENSIONS] as const
export type PauseReason = (typeof PAUSE_REASONS)[number]
