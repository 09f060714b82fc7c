const HOUR = 60
const DAY = 24 * HOUR

/** Whose device a complaint is written on: it decides how long the browser may open it again without the draft code. */
export const DEVICES = ['own', 'shared'] as const
export type Device = (typeof DEVICES)[number]

/**
 * How long an unsent complaint lasts, in minutes (our own choice, no period of law). One that can be opened again, by its code or by the device of its
 * writer, is kept for fourteen days after it was last saved (features.md I4); what nobody can open any more is an orphan and leaves after a day
 * (security.md U-7, Y-1).
 */
export const DRAFT_LIFE = { kept: 14 * DAY, orphan: DAY } as const

/**
 * How long a browser opens a draft. On a shared computer half an hour without a request ends it (security.md S-3), and so does the end of the
 * browser: the next person must not find it. One's own device remembers it as long as the draft itself may last.
 */
export const DEVICE_LIFE = {
  own: { idle: 14 * DAY, absolute: 60 * DAY, remembered: true },
  shared: { idle: 30, absolute: 8 * HOUR }
} as const satisfies Record<Device, { idle: number, absolute: number, remembered?: true }>

/** The instant at which a draft is destroyed unless it is saved again, ISO UTC. */
export function draftEnds (savedAt: string, { code, ownDevice }: { code: boolean, ownDevice: boolean }): string {
  const life = code || ownDevice ? DRAFT_LIFE.kept : DRAFT_LIFE.orphan
  return new Date(Date.parse(savedAt) + life * 60_000).toISOString()
}
