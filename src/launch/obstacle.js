/** A reason for not starting that the reader can mend: shown without a stack trace. */
export class Obstacle extends Error {}
