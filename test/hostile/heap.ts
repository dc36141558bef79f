import { setTimeout as pause } from 'node:timers/promises'
import { getHeapStatistics, setFlagsFromString, writeHeapSnapshot } from 'node:v8'
import { runInNewContext } from 'node:vm'

// Loaded into a server by `--import`: reports the bytes that are reachable, and writes a heap snapshot if a path is given.
setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
process.on('message', async (snapshot: string | null) => {
  for (let round = 0; round < 3; round += 1) {
    collect()
    await pause(20)
  }
  if (snapshot !== null) writeHeapSnapshot(snapshot)
  process.send?.({ reachable: getHeapStatistics().used_heap_size, code: getHeapStatistics().malloced_memory })
})
// Waiting for messages alone does not keep the server running.
process.channel?.unref()
