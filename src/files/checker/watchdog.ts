import { workerData } from 'node:worker_threads'

/** Ends the process when it has grown too large, also while its main thread is busy decoding. */
const { megabytes } = workerData as { megabytes: number }

setInterval(() => {
  if (process.memoryUsage.rss() > megabytes * 1024 * 1024) process.kill(process.pid, 'SIGKILL')
}, 50)
