import { summaryOf } from './generator.ts'
import { type Load, putLoad } from './sockets.ts'

// The child of generator.ts: a load comes in as a message, what it came to goes out as one.
process.on('message', async (load: Load) => {
  try {
    process.send?.(summaryOf(await putLoad(load)))
  } catch (failure) {
    process.send?.({ failure: String(failure) })
  }
})
