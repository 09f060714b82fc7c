import Type, { type Static } from 'typebox'
import { LIST_LIMIT } from '../../day/queue/schema.ts'

/** Where one goes after a step: stays with the case, back to the list, on to the next case of the list. */
export const AFTER = ['stay', 'list', 'next'] as const
export type After = (typeof AFTER)[number]
export const SWITCH = ['on', 'off'] as const

/** What a person likes: single keys on the desk (WCAG 2.1.4 asks for a way to switch them off), and where to go after a step. The first value holds until one chooses. */
export const HabitForm = Type.Object({ keys: Type.Enum([...SWITCH]), after: Type.Enum([...AFTER]) })
export type HabitForm = Static<typeof HabitForm>

export const HabitQuery = Type.Object({ done: Type.Optional(Type.Literal('1')) })
/** The list that a case was opened from, as `writeList` writes it. */
export const ListText = Type.String({ maxLength: LIST_LIMIT })
