import type { Delivery, Webhook, WebhookDraft, Webhooks, WebhookWrites } from '../model/webhook.ts'
import { hasPrunable, prune } from './change-log.ts'
import type { Database, Session } from './database.ts'
import { and, count, desc, eq, isNotNull, lt, sql } from './drizzle.ts'
import { lastChange } from './revisions.ts'
import { deliveries, webhooks } from './tables.ts'
import { claim, finish, hasDue, queueEvents, replay, requeueUndelivered, validSecrets } from './webhook-queue.ts'

/** Creates the reads of webhooks and their deliveries. */
export const createWebhooks = ({ read }: Pick<Database, 'read'>): Webhooks => ({
  webhooks: () => select(read),
  webhook: async slug => (await select(read, slug))[0],
  deliveries: async (slug, { limit, before }) => {
    const end = before === undefined ? undefined : await numberOf(read, before)
    const rows = await read
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.webhook, slug), end === undefined ? undefined : lt(deliveries.number, end)))
      .orderBy(desc(deliveries.number))
      .limit(limit + 1)
    return { data: rows.slice(0, limit).map(toDelivery), more: rows.length > limit }
  },
  hasDue: now => hasDue(read, now),
  hasPrunable: before => hasPrunable(read, before),
  countPending: async () => {
    const rows = await read.select({ total: count() }).from(deliveries).where(isNotNull(deliveries.nextAt))
    return (rows as [{ total: number }])[0].total // a count always has one row
  },
})

/** Creates the writes of webhooks and their deliveries, each in one transaction. */
export const createWebhookWrites = ({ write }: Pick<Database, 'write'>): WebhookWrites => ({
  putWebhook: (slug, draft, secret) => write(session => put(session, slug, draft, secret)),
  removeWebhook: slug =>
    write(async session => {
      const removed = await session.delete(webhooks).where(eq(webhooks.slug, slug)).returning({ slug: webhooks.slug })
      return removed.length > 0
    }),
  rotateSecret: (slug, secret, until) => write(session => rotateSecret(session, slug, secret, until)),
  replay: (slug, selection) => write(session => replay(session, slug, selection)),
  queueEvents: () => write(queueEvents),
  claimDelivery: (now, until, except) => write(session => claim(session, now, until, except)),
  finishDelivery: (id, at, outcome) => write(session => finish(session, id, at, outcome)),
  prune: before => write(session => prune(session, before)),
})

const select = async (session: Session, slug?: string): Promise<Webhook[]> => {
  const pending = sql<number>`(select count(*) from ${deliveries} where ${deliveries.webhook} = ${webhooks.slug} and ${deliveries.nextAt} is not null)`
  const rows = await session
    .select({ webhook: webhooks, pending })
    .from(webhooks)
    .where(slug === undefined ? undefined : eq(webhooks.slug, slug))
    .orderBy(webhooks.slug)
    .limit(10_000)
  return rows.map(row => ({
    slug: row.webhook.slug,
    url: row.webhook.url,
    events: row.webhook.events as Webhook['events'], // only valid filters are stored
    tracks: row.webhook.tracks,
    disabled: row.webhook.disabledAt !== null,
    disabledBecause: row.webhook.disabledBecause,
    pending: row.pending,
    createdAt: row.webhook.createdAt,
    updatedAt: row.webhook.updatedAt,
  }))
}

const toDelivery = ({
  id,
  type,
  attempts,
  createdAt,
  nextAt,
  lastAt,
  lastAnswer,
  deliveredAt,
}: typeof deliveries.$inferSelect): Delivery => ({
  id,
  type,
  state: deliveredAt !== null ? 'delivered' : nextAt === null ? 'failed' : 'waiting',
  attempts,
  createdAt,
  nextAt,
  lastAt,
  lastAnswer,
})

const numberOf = async (session: Session, id: string): Promise<number | undefined> => {
  const [row] = await session
    .select({ number: deliveries.number })
    .from(deliveries)
    .where(eq(deliveries.id, id))
    .limit(1)
  return row?.number
}

const put = async (
  session: Session,
  slug: string,
  { url, events, tracks, disabled }: WebhookDraft,
  secret: string,
): Promise<{ created: boolean; webhook: Webhook }> => {
  const now = new Date().toISOString()
  const [existing] = await select(session, slug)
  const values = { url, events, tracks, updatedAt: now }
  if (existing === undefined) {
    const { seq } = await lastChange(session)
    const secrets = [{ secret, until: null }]
    await session
      .insert(webhooks)
      .values({ slug, ...values, secrets, seq, createdAt: now, ...disabledColumns(disabled, now) })
  } else {
    const changed = existing.disabled === disabled ? {} : disabledColumns(disabled, now)
    await session
      .update(webhooks)
      .set({ ...values, ...changed })
      .where(eq(webhooks.slug, slug))
    if (existing.disabled && !disabled) await requeueUndelivered(session, slug, now)
  }
  const [webhook] = await select(session, slug)
  return { created: existing === undefined, webhook: webhook as Webhook } // it was just written
}

const disabledColumns = (disabled: boolean, now: string) => ({
  disabledAt: disabled ? now : null,
  disabledBecause: null,
})

const rotateSecret = async (session: Session, slug: string, secret: string, until: string): Promise<boolean> => {
  const [existing] = await session.select().from(webhooks).where(eq(webhooks.slug, slug)).limit(1)
  if (existing === undefined) return false
  const now = new Date().toISOString()
  const old = validSecrets(existing.secrets, now).map(one => ({ ...one, until: one.until ?? until }))
  await session
    .update(webhooks)
    .set({ secrets: [{ secret, until: null }, ...old], updatedAt: now })
    .where(eq(webhooks.slug, slug))
  return true
}
