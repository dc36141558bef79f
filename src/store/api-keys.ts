import type { ApiKeys } from '../model/api-key.ts'
import type { Database } from './database.ts'
import { and, desc, eq, isNull } from './drizzle.ts'
import { keys } from './tables.ts'

/** Implements the store of API keys on a database. */
export const createApiKeys = ({ read, write }: Database): ApiKeys => ({
  find: async id => (await read.select().from(keys).where(eq(keys.id, id)).limit(1))[0],
  list: async () => read.select().from(keys).orderBy(desc(keys.createdAt), keys.id).limit(10_000),
  create: key =>
    write(async session => {
      await session.insert(keys).values({ ...key, createdAt: new Date().toISOString() })
    }),
  revoke: name =>
    write(async session => {
      const revoked = await session
        .update(keys)
        .set({ revokedAt: new Date().toISOString() })
        .where(and(eq(keys.name, name), isNull(keys.revokedAt)))
        .returning({ id: keys.id })
      return revoked.length > 0
    }),
  recordUse: (id, at) =>
    write(async session => {
      await session.update(keys).set({ lastUsedAt: at }).where(eq(keys.id, id))
    }),
})
