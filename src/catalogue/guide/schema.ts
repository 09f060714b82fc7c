import Type, { type Static } from 'typebox'
import { QUESTIONS } from '../../domain/process/channels.ts'
import { POWERS } from '../../domain/process/rights.ts'

/** A power that has no page of rights is an unknown address. */
export const RightsParams = Type.Object({ power: Type.Enum([...POWERS]) })

const typed = Type.Optional(Type.Unknown()) // read by hand: the same field twice, or anything else, is a wrong answer and no crash

/** The answers so far; `asked` names the question of the form that was sent. */
export const ChannelQuery = Type.Object({ ...Object.fromEntries(QUESTIONS.map(({ name }) => [name, typed])), asked: typed })
export type ChannelQuery = Static<typeof ChannelQuery>

/** What was typed into the reckoning of a date; checked by hand, so that the page can keep it. `asked` tells an empty form from no form. */
export const DeadlineQuery = Type.Object({ act: typed, on: typed, on_year: typed, on_month: typed, on_day: typed, untold: typed, asked: typed })
export type DeadlineQuery = Static<typeof DeadlineQuery>
