/** Whether what was found wrong has been put right, as the complainant sees it; words at `confirmation.<code>`. */
export const CONFIRMATIONS = ['yes', 'partly', 'no', 'unsure'] as const
export type Confirmation = (typeof CONFIRMATIONS)[number]

/** Whether somebody was pressed to withdraw; words at `pressure.<code>`. */
export const PRESSURES = ['no', 'yes', 'unsaid'] as const
export type Pressure = (typeof PRESSURES)[number]

export const RATED = ['clarity', 'fairness', 'speed'] as const
export type Rated = (typeof RATED)[number]

/**
 * When a complainant is asked for a rating, once each: so many days after one of these events. Our own choice (features.md I23): the answer
 * must have been read, the change must have been lived with.
 */
export const RATINGS = {
  answer: { days: 7, after: ['reply'] },
  rectification: { days: 30, after: ['confirm_rectification', 'confirm_yes'] }
} as const satisfies Record<string, { days: number, after: readonly string[] }>
export type RatingMoment = keyof typeof RATINGS

/** The moments whose day has come. `events` oldest first, `at` and `now` as UTC instants. */
export function ratingsOpen (events: ReadonlyArray<{ action: string, at: string }>, now: string): RatingMoment[] {
  return (Object.keys(RATINGS) as RatingMoment[]).filter(moment => {
    const { days, after } = RATINGS[moment]
    const first = events.find(({ action }) => (after as readonly string[]).includes(action))
    return first !== undefined && Date.parse(now) >= Date.parse(first.at) + days * 86_400_000
  })
}
