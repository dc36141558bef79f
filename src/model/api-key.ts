import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Scope } from './vocabulary.ts'

/** What is kept of a key: never the key itself. */
export interface KeyRecord {
  /** The part of the key that says which it is. */
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

/** The keys there are. */
export interface Keys {
  find(id: string): Promise<KeyRecord | undefined>
  /** All of them, the newest first. */
  list(): Promise<KeyRecord[]>
  create(key: Pick<KeyRecord, 'id' | 'name' | 'scope' | 'hash' | 'expiresAt'>): Promise<void>
  /** False where there is no such key that still opens anything. */
  revoke(name: string): Promise<boolean>
  /** Notes when a key was used last. */
  used(id: string, at: string): Promise<void>
}

/** Tells whoever finds one in a log or a repository what it is. */
const prefix = 'cur_'
const shape = /^cur_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/

/** A new key: 256 random bits behind its name. */
export const makeKey = (): { key: string; id: string; hash: string } => {
  const id = randomBytes(6).toString('hex')
  const key = `${prefix}${id}_${randomBytes(32).toString('base64url')}`
  return { key, id, hash: hashOfKey(key) }
}

/** Which key it is; undefined where it is none of ours. */
export const idInKey = (key: string): string | undefined => shape.exec(key)?.[1]

/** It has 256 random bits, so a quick hash keeps it as well as a slow one. */
export const hashOfKey = (key: string): string => hash('sha256', key)

/** Takes as long whatever differs. */
export const sameHash = (one: string, other: string): boolean => timingSafeEqual(Buffer.from(one), Buffer.from(other))
