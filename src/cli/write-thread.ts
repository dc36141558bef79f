import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { openStore, type StoreOptions } from '../store/open-store.ts'
import { handleWrites } from '../write/write-thread.ts'
import { createWriter } from '../write/writer.ts'

/** The program of the write thread. */
const { url, options } = workerData as { url: string; options: StoreOptions } // `openWriter` sends it
const { catalog, keys, webhookWrites, jsonWrites, close } = openStore(url, options)

handleWrites(
  parentPort as MessagePort,
  { ...createWriter(catalog), ...webhookWrites, ...jsonWrites, recordUse: keys.recordUse },
  close,
) // a thread has a parent
