/** The state of a node of a cluster, for monitoring. */
export interface Replication {
  /** Returns true if the primary answers. */
  isPrimaryReachable(): Promise<boolean>
  /** Returns the number of writes that the replica does not have yet; rejects if the primary does not answer. */
  countMissingWrites(): Promise<number>
  /** Returns the time at which the lease of the cluster's jobs ends, in milliseconds since 1970, as the replica has it. */
  leaseEnd(): Promise<number>
}
