import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Scope } from './vocabulary.ts'

/** An API key as it is stored: a hash of it, never the key itself. */
export interface ApiKey {
  /** The 12 hexadecimal digits after `cur_` in the key. */
  id: string
  name: string
  scope: Scope
  /** SHA-256 of the whole key, in hexadecimal digits. */
  hash: string
  createdAt: string
  expiresAt: string | null
  revokedAt: string | null
  lastUsedAt: string | null
}

/** The store of API keys. */
export interface ApiKeys {
  find(id: string): Promise<ApiKey | undefined>
  /** Returns all keys, the newest first. */
  list(): Promise<ApiKey[]>
  create(key: Pick<ApiKey, 'id' | 'name' | 'scope' | 'hash' | 'expiresAt'>): Promise<void>
  /** Revokes a key; returns false if no active key has this name. */
  revoke(name: string): Promise<boolean>
  /** Records the time of the last use of a key. */
  recordUse(id: string, at: string): Promise<void>
}

/** Makes a leaked key easy to recognize in a log or a repository. */
const prefix = 'cur_'
const format = /^cur_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/

/** Generates a key: the prefix, a random id and 256 random bits. */
export const generateApiKey = (): { key: string; id: string; hash: string } => {
  const id = randomBytes(6).toString('hex')
  const key = `${prefix}${id}_${randomBytes(32).toString('base64url')}`
  return { key, id, hash: hashApiKey(key) }
}

/** Returns the id in a key, or undefined if the text is not an API key. */
export const apiKeyId = (key: string): string | undefined => format.exec(key)?.[1]

/** Returns the SHA-256 of a key. With 256 random bits in the key, a slow hash would not be safer. */
export const hashApiKey = (key: string): string => hash('sha256', key)

/** Compares two hashes in constant time. */
export const hashesAreEqual = (one: string, other: string): boolean =>
  timingSafeEqual(Buffer.from(one), Buffer.from(other))
