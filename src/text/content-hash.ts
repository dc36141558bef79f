import { hash } from 'node:crypto'

/** What tells bytes from all others: what stands in the ETag of an answer that is these bytes. */
export const contentHash = (content: string | Buffer): string => hash('sha256', content, 'base64url').slice(0, 22)
