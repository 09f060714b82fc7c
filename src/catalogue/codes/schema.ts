import Type from 'typebox'

/** Any text may stand in a code that somebody shows: what is none is answered like one that we do not know. */
export const CodeParams = Type.Object({ code: Type.String({ maxLength: 200 }) })
