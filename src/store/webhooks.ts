import type { Delivery, DeliveryOutcome, Webhook, WebhookDraft, Webhooks, WebhookWrites } from '../model/webhook.ts'
import type { Database, Session } from './database.ts'
import { and, count, desc, eq, gte, isNotNull, isNull, lt, lte, notInArray, or, sql } from './drizzle.ts'
import { forget, isForgettable } from './prune.ts'
import { queueEvents } from './queue-events.ts'
import { lastChange } from './revisions.ts'
import { deliveries, webhooks } from './tables.ts'

/** The webhooks kept in a database. */
export const webhooksIn = ({ read }: Pick<Database, 'read'>): Webhooks => ({
  webhooks: () => select(read),
  webhook: async slug => (await select(read, slug))[0],
  deliveries: async (slug, { limit, before }) => {
    const behind = before === undefined ? undefined : await numberOf(read, before)
    const rows = await read
      .select()
      .from(deliveries)
      .where(and(eq(deliveries.webhook, slug), behind === undefined ? undefined : lt(deliveries.number, behind)))
      .orderBy(desc(deliveries.number))
      .limit(limit + 1)
    return { data: rows.slice(0, limit).map(shown), more: rows.length > limit }
  },
  hasDue: async now => {
    const { seq: last } = await lastChange(read)
    const behind = and(isNull(webhooks.disabledAt), or(lt(webhooks.seq, last), isNotNull(due(now))))
    const rows = await read.select({ slug: webhooks.slug }).from(webhooks).where(behind).limit(1)
    return rows.length > 0
  },
  hasPrunable: before => isForgettable(read, before),
  countPending: async () => {
    const rows = await read.select({ many: count() }).from(deliveries).where(isNotNull(deliveries.nextAt))
    return (rows as [{ many: number }])[0].many // a count is always one row
  },
})

export const webhookWritesIn = ({ write }: Pick<Database, 'write'>): WebhookWrites => ({
  putWebhook: (slug, draft, secret) => write(session => put(session, slug, draft, secret)),
  removeWebhook: slug =>
    write(async session => {
      const removed = await session.delete(webhooks).where(eq(webhooks.slug, slug)).returning({ slug: webhooks.slug })
      return removed.length > 0
    }),
  rotateSecret: (slug, secret, until) => write(session => rotate(session, slug, secret, until)),
  replay: (slug, what) => write(session => replay(session, slug, what)),
  queueEvents: () => write(queueEvents),
  claimDelivery: (now, until, except) => write(session => claim(session, now, until, except)),
  finishDelivery: (id, at, outcome) => write(session => settle(session, id, at, outcome)),
  prune: before => write(session => forget(session, before)),
})

const due = (now: string) =>
  sql`(select 1 from ${deliveries} where ${deliveries.webhook} = ${webhooks.slug} and ${deliveries.nextAt} <= ${now} limit 1)`

const select = async (session: Session, slug?: string): Promise<Webhook[]> => {
  const pending = sql<number>`(select count(*) from ${deliveries} where ${deliveries.webhook} = ${webhooks.slug} and ${deliveries.nextAt} is not null)`
  const rows = await session
    .select({ webhook: webhooks, pending })
    .from(webhooks)
    .where(slug === undefined ? undefined : eq(webhooks.slug, slug))
    .orderBy(webhooks.slug)
    .limit(10_000)
  return rows.map(({ webhook, pending: waiting }) => ({
    slug: webhook.slug,
    url: webhook.url,
    events: webhook.events as Webhook['events'], // only those were written
    tracks: webhook.tracks,
    disabled: webhook.disabledAt !== null,
    disabledBecause: webhook.disabledBecause,
    pending: waiting,
    createdAt: webhook.createdAt,
    updatedAt: webhook.updatedAt,
  }))
}

const shown = ({
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
  const [known] = await select(session, slug)
  const written = { url, events, tracks, updatedAt: now }
  if (known === undefined) {
    const { seq } = await lastChange(session)
    const secrets = [{ secret, until: null }]
    await session
      .insert(webhooks)
      .values({ slug, ...written, secrets, seq, createdAt: now, ...disabling(disabled, now) })
  } else {
    const changed = known.disabled === disabled ? {} : disabling(disabled, now)
    await session
      .update(webhooks)
      .set({ ...written, ...changed })
      .where(eq(webhooks.slug, slug))
    if (known.disabled && !disabled) await sendMissed(session, slug, now)
  }
  const [webhook] = await select(session, slug)
  return { created: known === undefined, webhook: webhook as Webhook } // it was just written
}

const disabling = (disabled: boolean, now: string) => ({ disabledAt: disabled ? now : null, disabledBecause: null })

/** Whoever is back gets what could not be delivered, from the first attempt on. */
const sendMissed = async (session: Session, slug: string, now: string): Promise<void> => {
  await session
    .update(deliveries)
    .set({ nextAt: now, attempts: 0, down: false })
    .where(and(eq(deliveries.webhook, slug), isNull(deliveries.deliveredAt)))
}

const rotate = async (session: Session, slug: string, secret: string, until: string): Promise<boolean> => {
  const [known] = await session.select().from(webhooks).where(eq(webhooks.slug, slug)).limit(1)
  if (known === undefined) return false
  const now = new Date().toISOString()
  const old = stillHolding(known.secrets, now).map(one => ({ ...one, until: one.until ?? until }))
  await session
    .update(webhooks)
    .set({ secrets: [{ secret, until: null }, ...old], updatedAt: now })
    .where(eq(webhooks.slug, slug))
  return true
}

const stillHolding = (secrets: readonly { secret: string; until: string | null }[], now: string) =>
  secrets.filter(({ until }) => until === null || until > now)

const replay = async (
  session: Session,
  slug: string,
  what: { since: string } | { id: string },
): Promise<number | undefined> => {
  if ((await select(session, slug)).length === 0) return undefined
  const again = await session
    .update(deliveries)
    .set({ nextAt: new Date().toISOString(), attempts: 0, down: false, deliveredAt: null })
    .where(
      and(
        eq(deliveries.webhook, slug),
        'id' in what ? eq(deliveries.id, what.id) : gte(deliveries.createdAt, what.since),
      ),
    )
    .returning({ id: deliveries.id })
  return again.length
}

/** The oldest that is due: where one waits for its receiver to come back, none behind it. */
const claim: (
  session: Session,
  ...asked: Parameters<WebhookWrites['claimDelivery']>
) => ReturnType<WebhookWrites['claimDelivery']> = async (session, now, until, except) => {
  const [due] = await session
    .select({ delivery: deliveries, webhook: webhooks })
    .from(deliveries)
    .innerJoin(webhooks, eq(webhooks.slug, deliveries.webhook))
    .where(
      and(
        lte(deliveries.nextAt, now),
        isNull(webhooks.disabledAt),
        notInArray(deliveries.webhook, [...except]),
        sql`not exists (select 1 from ${deliveries} head where head.webhook = ${deliveries.webhook} and head.number < ${deliveries.number} and head.next_at is not null and head.down)`,
      ),
    )
    .orderBy(deliveries.number)
    .limit(1)
  if (due === undefined) return undefined
  const { delivery, webhook } = due
  await session.update(deliveries).set({ nextAt: until }).where(eq(deliveries.number, delivery.number))
  return {
    id: delivery.id,
    webhook: webhook.slug,
    url: webhook.url,
    body: delivery.body,
    secrets: stillHolding(webhook.secrets, now).map(({ secret }) => secret),
    attempts: delivery.attempts,
  }
}

const settle = async (session: Session, id: string, at: string, outcome: DeliveryOutcome): Promise<void> => {
  const [settled] = await session
    .update(deliveries)
    .set({
      attempts: sql`${deliveries.attempts} + 1`,
      nextAt: outcome.nextAt ?? null,
      down: outcome.down,
      lastAt: at,
      lastAnswer: outcome.answer,
      deliveredAt: outcome.delivered ? at : null,
    })
    .where(eq(deliveries.id, id))
    .returning({ webhook: deliveries.webhook })
  if (settled === undefined || outcome.disable === undefined) return
  await session
    .update(webhooks)
    .set({ disabledAt: at, disabledBecause: outcome.disable, updatedAt: at })
    .where(eq(webhooks.slug, settled.webhook))
}
