import Type, { type Static } from 'typebox'

const Text = (maxLength: number) => Type.Optional(Type.String({ maxLength }))

export const PhraseParams = Type.Object({ id: Type.String({ pattern: '^[A-Za-z0-9_-]{1,40}$' }) })
export const PhraseQuery = Type.Object({ done: Type.Optional(Type.Enum(['saved', 'off', 'on'])), place: Type.Optional(Type.String({ pattern: '^[a-z_]{1,40}$' })) })
const Version = Type.Integer({ minimum: 1, maximum: 2_147_483_647 })
/** A phrase as it is typed; the service knows what each has to be. */
export const PhraseForm = Type.Object({ version: Type.Optional(Version), place: Text(60), title: Text(2000), text: Text(20_000), owner: Type.Optional(Type.Integer({ minimum: 1, maximum: 2_147_483_647 })), review_on_year: Text(10), review_on_month: Text(10), review_on_day: Text(10) })
export type PhraseForm = Static<typeof PhraseForm>
export const SwitchForm = Type.Object({ version: Version, off: Type.Enum(['0', '1']) })
