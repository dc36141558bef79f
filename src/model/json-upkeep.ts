/** The reads for the upkeep of stored JSON, which an update of the program can outdate. */
export interface JsonReads {
  /** Returns true unless all JSON is stored in the current format. */
  isJsonOutdated(): Promise<boolean>
}

/** The writes for it. */
export interface JsonWrites {
  /** Rebuilds some of the JSON that is stored in another format, in one transaction; returns the number of items, 0 once there are none. */
  rebuildJson(): Promise<number>
}
