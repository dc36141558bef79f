import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { z } from 'zod'
import { openStore } from '../store/open-store.ts'
import { answerCalls } from '../write/write-thread.ts'
import { writerOn } from '../write/writer.ts'

/** The program of the thread that writes. What it reads is read once: nothing of it is worth keeping. */
const { url } = z.object({ url: z.string() }).parse(workerData)
const { catalog, keys, webhookWrites, close } = openStore(url, 0)

answerCalls(parentPort as MessagePort, { ...writerOn(catalog), ...webhookWrites, recordUse: keys.recordUse }, close) // a thread has a parent
