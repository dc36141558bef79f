import { randomBytes } from 'node:crypto'
import type { Change } from '../catalog.ts'
import { matchesEvent, type Webhook } from '../model/webhook.ts'
import { changesIn } from './changes.ts'
import type { Session } from './database.ts'
import { and, desc, eq, isNull, lt } from './drizzle.ts'
import { lastChange } from './revisions.ts'
import { changes, deliveries, webhooks } from './tables.ts'

/** So many changes are looked at in one write: whoever else writes gets a turn. */
const atOnce = 500

/** Queues an event for every change that a webhook was not told of yet; answers how many changes were looked at. */
export const queueEvents = async (session: Session): Promise<number> => {
  const { seq: last } = await lastChange(session)
  const behind = await session
    .select()
    .from(webhooks)
    .where(and(lt(webhooks.seq, last), isNull(webhooks.disabledAt)))
    .orderBy(webhooks.slug)
    .limit(10_000)
  let looked = 0
  for (const webhook of behind) {
    const { data } = await changesIn(session)({ cursor: webhook.seq, limit: atOnce })
    await queue(session, webhook.slug, webhook as Pick<Webhook, 'events' | 'tracks'>, data) // only such filters were written
    await session
      .update(webhooks)
      .set({ seq: data.reduce((_, { seq }) => seq, last) })
      .where(eq(webhooks.slug, webhook.slug))
    looked += data.length
  }
  return looked
}

const queue = async (
  session: Session,
  webhook: string,
  filters: Pick<Webhook, 'events' | 'tracks'>,
  found: readonly Change[],
): Promise<void> => {
  const now = new Date().toISOString()
  for (const change of found) {
    const type = `${change.noun}.${await happened(session, change)}`
    if (!matchesEvent(filters, { type, track: change.track })) continue
    const id = `msg_${randomBytes(16).toString('base64url')}`
    const row = { id, webhook, type, body: bodyOf(type, change), createdAt: now, attempts: 0, nextAt: now, down: false }
    await session.insert(deliveries).values(row)
  }
}

const happened = async (session: Session, { id, seq, op }: Change): Promise<'created' | 'updated' | 'deleted'> => {
  if (op === 'delete') return 'deleted'
  const [before] = await session
    .select({ op: changes.op })
    .from(changes)
    .where(and(eq(changes.id, id), lt(changes.seq, seq)))
    .orderBy(desc(changes.seq))
    .limit(1)
  return before?.op === 'upsert' ? 'updated' : 'created'
}

/** Little, as the specification asks: whoever wants to know more asks for it. */
const bodyOf = (type: string, { seq, noun, id, key, track, title, changedAt }: Change): string =>
  JSON.stringify({ type, timestamp: changedAt, data: { seq, type: noun, id, key, track, title } })
