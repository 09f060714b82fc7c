import pino, { type DestinationStream } from 'pino'

/** Where log lines go: standard output, in pieces of 4 KB or once a second, because a write for each answer costs more than the answer. */
export interface LogStream extends DestinationStream { flushSync: () => void, close: () => void }

/** Opens the log; close it last. */
export function openLog (): LogStream {
  const destination = pino.destination({ dest: 1, sync: false, minLength: 4096 })
  const timer = setInterval(() => { destination.flush() }, 1000).unref()
  return {
    write: line => { destination.write(line) },
    flushSync: () => { destination.flushSync() },
    close: () => {
      clearInterval(timer)
      destination.flushSync()
    }
  }
}
