import type { Readable, Writable } from 'node:stream'

/** Hands the bytes of a source to a process. One that ends or stops reading early is no fault: its answer says why. Throws what the source throws. */
export async function pour (source: Readable, sink: Writable): Promise<void> {
  let open = true
  const shut = (): void => { open = false }
  sink.once('error', shut).once('close', shut)
  for await (const chunk of source) {
    if (!open) break
    if (!sink.write(chunk)) await freed(sink)
  }
  if (open) sink.end()
}

async function freed (sink: Writable): Promise<void> {
  await new Promise<void>(resolve => {
    const go = (): void => {
      for (const event of ['drain', 'error', 'close']) sink.off(event, go)
      resolve()
    }
    for (const event of ['drain', 'error', 'close']) sink.on(event, go)
    if (sink.destroyed) go()
  })
}
