import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'

// Loaded into a server by `--import`: reports the longest delay of its event loop since the last message.
const delays = monitorEventLoopDelay({ resolution: 1 })
delays.enable()
process.on('message', async () => {
  await pause(5)
  process.send?.({ longest: delays.max / 1e6 })
  delays.reset()
})
// Waiting for messages alone does not keep the server running.
process.channel?.unref()
