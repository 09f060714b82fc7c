import Type from 'typebox'

/** A code of ours, or the decision's own number, which leads there. */
export const DecisionParams = Type.Object({ code: Type.String({ maxLength: 200 }) })
