import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Load, LoadResult } from './sockets.ts'

/** The number of concurrent requests. */
export const connections = 32

export interface Summary {
  /** All responses, including the first of each connection. */
  answers: number
  perSecond: number
  /** In milliseconds. */
  p50: number
  p99: number
}

/** A process that sends load to servers, so that its work does not count as theirs. */
export interface Generator {
  run(load: Omit<Load, 'connections'> & { connections?: number }): Promise<Summary>
  stop(): void
}

export const startGenerator = (): Generator => {
  const child = fork(fileURLToPath(new URL('generator-child.ts', import.meta.url)))
  return {
    run: async load => {
      child.send({ connections, ...load })
      const [answer] = (await once(child, 'message')) as [Summary | { failure: string }]
      if ('failure' in answer) throw new Error(answer.failure)
      return answer
    },
    stop: () => child.disconnect(),
  }
}

/** Summarizes a run. */
export const summaryOf = ({ requests, opening, seconds, latencies }: LoadResult): Summary => {
  const sorted = latencies.toSorted()
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN
  return { answers: requests + opening, perSecond: requests / seconds, p50: at(0.5), p99: at(0.99) }
}
