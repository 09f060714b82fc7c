/**
 * What makes a complaint look like a machine's or a flood's (features.md I26, security.md F-6; our own choice, no rule of law). It is then kept apart
 * for somebody to look at, and nothing else changes: it is receipted, its period runs, and it is never dropped. Words at `suspicion.<code>`.
 */
export const SUSPICIONS = {
  /** a field that no person sees was filled in */
  trap: {},
  /** nobody reads and answers the form in less */
  too_fast: { seconds: 20 },
  /** more than a few from one network within an hour: `usual` of the limit `submission` */
  many_from_network: {},
  /** the same words as in so many others of the last days */
  same_text: { others: 3, days: 30 }
} as const
export type Suspicion = keyof typeof SUSPICIONS

/** Whether a form was answered faster than anybody can. Times are ISO UTC. */
export function isTooFast (begunAt: string, sentAt: string): boolean {
  return Date.parse(sentAt) - Date.parse(begunAt) < SUSPICIONS.too_fast.seconds * 1000
}

/** What is compared of a text: words alone, so that spaces, punctuation and width make no difference. */
export function comparable (texts: readonly string[]): string {
  return texts.join('\n').normalize('NFKC').toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '')
}
