/** The right of one process of a cluster to run the jobs that must run once: loading, retention, delivery of webhooks. */
export interface Lease {
  /** Takes the lease, or renews it; returns true if this process holds it. */
  take(): Promise<boolean>
  /** Returns true if this process has taken the lease, and it has not ended. */
  isHeld(): boolean
  /** Lets another process take it at once. */
  release(): Promise<void>
}
