/** The state of a node of a cluster, for monitoring. */
export interface Replication {
  /** Returns true if the primary answers. */
  isPrimaryReachable(): Promise<boolean>
  /** Returns the number of writes that the replica does not have yet; rejects if the primary does not answer. */
  countMissingWrites(): Promise<number>
  /** Returns the seconds for which the replica has not had all writes, since the last answer of the primary if it does not answer. */
  lagSeconds(): Promise<number>
  /** Returns true if this process holds the lease of the cluster's jobs. */
  holdsLease(): boolean
  /** Returns the time at which the lease of the cluster's jobs ends, in milliseconds since 1970, as the replica has it. */
  leaseEnd(): Promise<number>
}
