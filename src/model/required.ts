/** The value of a key that is known to be in the map. */
export const held = <K, V>(map: ReadonlyMap<K, V>, key: K): V => map.get(key) as V // that it is there is what the caller says
