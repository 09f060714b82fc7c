import Type, { type Static } from 'typebox'

/** full: as the bureau sees it, internal things included. redacted: for outside, without the names of staff, internal things, files and what detectors find. */
export const FORMS = ['full', 'redacted'] as const
export const SHAPES = ['print', 'zip'] as const
export const REASON_LIMIT = 500

export const BundleForm = Type.Object({ form: Type.Enum([...FORMS]), shape: Type.Enum([...SHAPES]), reason: Type.String({ minLength: 2, maxLength: REASON_LIMIT, pattern: '\\S' }) })
export type BundleForm = Static<typeof BundleForm>
