import { randomBytes } from 'node:crypto'
import type { Change } from '../catalog.ts'
import { type DeliveryOutcome, matchesEvent, type Webhook, type WebhookWrites } from '../model/webhook.ts'
import { readChanges } from './change-log.ts'
import type { Session } from './database.ts'
import { and, desc, eq, gte, isNotNull, isNull, lt, lte, notInArray, or, sql } from './drizzle.ts'
import { lastChange } from './revisions.ts'
import { changes, deliveries, webhooks } from './tables.ts'

/** The number of changes that one transaction turns into events, so that other writes are not blocked for long. */
const changesPerTransaction = 500

/** Queues an event for every change that a webhook has not seen yet, and returns the number of changes it read. */
export const queueEvents = async (session: Session): Promise<number> => {
  const { seq: last } = await lastChange(session)
  const behind = await session
    .select()
    .from(webhooks)
    .where(and(lt(webhooks.seq, last), isNull(webhooks.disabledAt)))
    .orderBy(webhooks.slug)
    .limit(10_000)
  let count = 0
  for (const webhook of behind) {
    const { data } = await readChanges(session, { cursor: webhook.seq, limit: changesPerTransaction })
    await queue(session, webhook.slug, webhook as Pick<Webhook, 'events' | 'tracks'>, data) // only valid filters are stored
    await session
      .update(webhooks)
      .set({ seq: data.reduce((_, { seq }) => seq, last) })
      .where(eq(webhooks.slug, webhook.slug))
    count += data.length
  }
  return count
}

const queue = async (
  session: Session,
  webhook: string,
  filters: Pick<Webhook, 'events' | 'tracks'>,
  newChanges: readonly Change[],
): Promise<void> => {
  const now = new Date().toISOString()
  for (const change of newChanges) {
    const type = `${change.noun}.${await eventOf(session, change)}`
    if (!matchesEvent(filters, { type, track: change.track })) continue
    const id = `msg_${randomBytes(16).toString('base64url')}`
    const row = { id, webhook, type, body: bodyOf(type, change), createdAt: now, attempts: 0, nextAt: now, down: false }
    await session.insert(deliveries).values(row)
  }
}

const eventOf = async (session: Session, { id, seq, op }: Change): Promise<'created' | 'updated' | 'deleted'> => {
  if (op === 'delete') return 'deleted'
  const [before] = await session
    .select({ op: changes.op })
    .from(changes)
    .where(and(eq(changes.id, id), lt(changes.seq, seq)))
    .orderBy(desc(changes.seq))
    .limit(1)
  return before?.op === 'upsert' ? 'updated' : 'created'
}

/** A "thin" payload in the sense of Standard Webhooks: it identifies the item, and receivers read the rest from the API. */
const bodyOf = (type: string, { seq, noun, id, key, track, title, changedAt }: Change): string =>
  JSON.stringify({ type, timestamp: changedAt, data: { seq, type: noun, id, key, track, title } })

/** Returns true if any enabled webhook has changes to queue or a delivery to send. */
export const hasDue = async (session: Session, now: string): Promise<boolean> => {
  const { seq: last } = await lastChange(session)
  const due = sql`(select 1 from ${deliveries} where ${deliveries.webhook} = ${webhooks.slug} and ${deliveries.nextAt} <= ${now} limit 1)`
  const condition = and(isNull(webhooks.disabledAt), or(lt(webhooks.seq, last), isNotNull(due)))
  const rows = await session.select({ slug: webhooks.slug }).from(webhooks).where(condition).limit(1)
  return rows.length > 0
}

/** Claims the oldest due delivery; a delivery that waits for its receiver to recover blocks those of the same webhook behind it. */
export const claim: (
  session: Session,
  ...parameters: Parameters<WebhookWrites['claimDelivery']>
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
    secrets: validSecrets(webhook.secrets, now).map(({ secret }) => secret),
    attempts: delivery.attempts,
  }
}

export const validSecrets = (secrets: readonly { secret: string; until: string | null }[], now: string) =>
  secrets.filter(({ until }) => until === null || until > now)

/** Stores the outcome of an attempt, and disables the webhook if the outcome has a reason to. */
export const finish = async (session: Session, id: string, at: string, outcome: DeliveryOutcome): Promise<void> => {
  const [settled] = await session
    .update(deliveries)
    .set({
      attempts: sql`${deliveries.attempts} + 1`,
      nextAt: outcome.nextAt ?? null,
      down: outcome.down,
      lastAt: at,
      lastAnswer: outcome.response,
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

/** Queues one delivery again, or all deliveries since a time; returns their number, or undefined if the webhook does not exist. */
export const replay = async (
  session: Session,
  slug: string,
  selection: { since: string } | { id: string },
): Promise<number | undefined> => {
  const existing = await session.select({ slug: webhooks.slug }).from(webhooks).where(eq(webhooks.slug, slug)).limit(1)
  if (existing.length === 0) return undefined
  const again = await session
    .update(deliveries)
    .set({ nextAt: new Date().toISOString(), attempts: 0, down: false, deliveredAt: null })
    .where(
      and(
        eq(deliveries.webhook, slug),
        'id' in selection ? eq(deliveries.id, selection.id) : gte(deliveries.createdAt, selection.since),
      ),
    )
    .returning({ id: deliveries.id })
  return again.length
}

/** Queues all undelivered events again, with the first attempt. */
export const requeueUndelivered = async (session: Session, slug: string, now: string): Promise<void> => {
  await session
    .update(deliveries)
    .set({ nextAt: now, attempts: 0, down: false })
    .where(and(eq(deliveries.webhook, slug), isNull(deliveries.deliveredAt)))
}
