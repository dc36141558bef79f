import type { Replication } from '../model/replication.ts'

/** The part of the state of a node that does not concern this process. */
export type ReplicationState = Omit<Replication, 'holdsLease'>

/** Creates the lag of a replica from the number of writes of the primary, which rejects if it does not answer, and of the replica. */
export const createReplicationLag = (
  primaryWrites: () => Promise<number>,
  replicaWrites: () => number,
  clock = () => performance.now(),
): Pick<Replication, 'isPrimaryReachable' | 'countMissingWrites' | 'lagSeconds'> => {
  let counting: Promise<number> | undefined
  /** Metrics that are read together send one request. */
  const count = (): Promise<number> => {
    counting ??= primaryWrites().finally(() => {
      counting = undefined
    })
    return counting
  }
  /** The writes that the replica did not have, and since when; infinitely many if the primary did not answer. */
  let missing: { writes: number; since: number } | undefined
  return {
    isPrimaryReachable: () =>
      count().then(
        () => true,
        () => false,
      ),
    countMissingWrites: async () => Math.max((await count()) - replicaWrites(), 0),
    lagSeconds: async () => {
      const ofPrimary = await count().catch(() => Number.POSITIVE_INFINITY)
      const ofReplica = replicaWrites()
      const now = clock()
      const awaited = Math.min(missing?.writes ?? ofPrimary, ofPrimary)
      if (ofReplica < awaited) missing = { writes: awaited, since: missing?.since ?? now }
      else if (ofReplica < ofPrimary) missing = { writes: ofPrimary, since: now }
      else missing = undefined
      return missing === undefined ? 0 : (now - missing.since) / 1_000
    },
  }
}
