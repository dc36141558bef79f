import { summaryOf } from './generator.ts'
import { type Load, runLoad } from './sockets.ts'

// The child process of generator.ts: it receives a load as a message, and sends its summary as one.
process.on('message', async (load: Load) => {
  try {
    process.send?.(summaryOf(await runLoad(load)))
  } catch (failure) {
    process.send?.({ failure: String(failure) })
  }
})
