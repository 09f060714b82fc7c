/**
 * How soon the bureau wants to look at a complaint, the nearest first (优先程度; our own choice, no rule of law: it orders work and changes no period).
 * Words at `priority.<code>`.
 */
export const PRIORITIES = ['high', 'normal', 'low'] as const
export type Priority = (typeof PRIORITIES)[number]
