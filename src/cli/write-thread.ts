import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { openStore } from '../store/open-store.ts'
import { handleWrites } from '../write/write-thread.ts'
import { createWriter } from '../write/writer.ts'

/** The program of the write thread. */
const { url } = z.object({ url: z.string() }).parse(workerData)
const { catalog, keys, webhookWrites, jsonWrites, close } = openStore(url)

handleWrites(
  parentPort as MessagePort,
  { ...createWriter(catalog), ...webhookWrites, ...jsonWrites, recordUse: keys.recordUse },
  close,
) // a thread has a parent
