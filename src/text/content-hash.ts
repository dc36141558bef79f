import { hash } from 'node:crypto'

/** Returns the hash of a content that its ETag contains: 22 characters of base64url. */
export const contentHash = (content: string | Buffer): string => hash('sha256', content, 'base64url').slice(0, 22)
