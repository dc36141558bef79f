import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Slug, Timestamp } from './keys.ts'
import { listOf, Url } from './text.ts'
import { nouns } from './vocabulary.ts'

const changeKinds = ['created', 'updated', 'deleted'] as const

/** The event types: a noun and a kind of change. */
export const eventTypes = nouns.flatMap(noun => changeKinds.map(kind => `${noun}.${kind}`))

const EventFilter = z
  .enum([...eventTypes, ...nouns.map(noun => `${noun}.*`), '*'])
  .meta({ description: 'An event such as `skill.updated`, all of a noun such as `skill.*`, or `*`.' })

const Instant = Timestamp.nullable().readonly()

/** A receiver of change events (Standard Webhooks 1.0). */
export const Webhook = z
  .strictObject({
    slug: Slug.readonly(),
    url: Url.meta({
      description: 'The URL that receives events by POST.',
      examples: ['https://lms.example/hooks/curriculum'],
    }),
    events: listOf(EventFilter).meta({
      description: 'The events to send; all if empty.',
      examples: [['skill.*']],
    }),
    tracks: listOf(z.string().min(1).max(24)).meta({
      description: 'The tracks whose events are sent; all if empty.',
    }),
    disabled: z.boolean().default(false).meta({
      description:
        'True if no events are sent. The service sets it when the receiver answers 410 or fails for days; set it to false to send all missed events.',
    }),
    disabledBecause: z
      .string()
      .max(500)
      .nullable()
      .readonly()
      .meta({ description: 'The reason why the service disabled it.' }),
    pending: z
      .int()
      .min(0)
      .max(1_000_000_000)
      .readonly()
      .meta({ description: 'Number of events that wait to be sent.' }),
    createdAt: Timestamp.readonly().meta({ description: 'The time of its creation (RFC 3339, UTC).' }),
    updatedAt: Timestamp.readonly().meta({ description: 'The time of its last change (RFC 3339, UTC).' }),
  })
  .meta({ id: 'Webhook', description: 'A receiver of change events.' })
export type Webhook = z.infer<typeof Webhook>

/** The fields of a webhook that clients write. */
export type WebhookDraft = Pick<Webhook, 'url' | 'events' | 'tracks' | 'disabled'>

export const Delivery = z
  .strictObject({
    id: z.string().max(100).meta({ description: 'The `webhook-id`: the same at every attempt.' }),
    type: z.string().max(100).meta({ description: 'The event, such as `skill.updated`.' }),
    state: z.enum(['waiting', 'delivered', 'failed']).meta({ description: 'Its state.' }),
    attempts: z.int().min(0).max(1_000_000).meta({ description: 'Number of attempts.' }),
    createdAt: Timestamp.meta({ description: 'The time at which it was queued (RFC 3339, UTC).' }),
    nextAt: Instant.meta({ description: 'The time of the next attempt; null if it is not sent again.' }),
    lastAt: Instant.meta({ description: 'The time of the last attempt; null if there was none.' }),
    lastAnswer: z
      .string()
      .max(500)
      .nullable()
      .meta({ description: 'The status of the last response, or why there was none.' }),
  })
  .meta({ id: 'Delivery', description: 'An event to be sent to a webhook, with its state.' })
export type Delivery = z.infer<typeof Delivery>

/** A delivery that is to be sent now. */
export interface ClaimedDelivery {
  id: string
  webhook: string
  url: string
  body: string
  /** The valid secrets, the newest first. */
  secrets: string[]
  /** The number of earlier attempts. */
  attempts: number
}

/** The outcome of an attempt to send a delivery. */
export interface DeliveryOutcome {
  /** The status of the response, or why there was none. */
  response: string
  delivered: boolean
  /** The time of the next attempt; undefined if there is none. */
  nextAt?: string | undefined
  /** True if the receiver is down rather than this one event rejected: its other deliveries then wait. */
  down: boolean
  /** The reason to disable the webhook; undefined to leave it enabled. */
  disable?: string | undefined
}

/** Read access to webhooks, their queues and delivery logs. */
export interface Webhooks {
  webhooks(): Promise<Webhook[]>
  webhook(slug: string): Promise<Webhook | undefined>
  /** Returns deliveries, the newest first; with `before`, those older than that one. */
  deliveries(
    slug: string,
    page: { limit: number; before?: string | undefined },
  ): Promise<{ data: Delivery[]; more: boolean }>
  /** Returns true if events are to be queued or deliveries to be sent now. */
  hasDue(now: string): Promise<boolean>
  /** Returns true if there are changes from before this time that later ones supersede. */
  hasPrunable(before: string): Promise<boolean>
  /** Returns the number of pending deliveries of all webhooks. */
  countPending(): Promise<number>
}

export interface WebhookWrites {
  /** Creates a webhook with this secret, or changes an existing one. */
  putWebhook(slug: string, draft: WebhookDraft, secret: string): Promise<{ created: boolean; webhook: Webhook }>
  /** Removes a webhook; returns false if there is none. */
  removeWebhook(slug: string): Promise<boolean>
  /** Sets a new secret; deliveries are signed with the old one too until `until`. */
  rotateSecret(slug: string, secret: string, until: string): Promise<boolean>
  /** Queues again the deliveries since a time, or one delivery; returns their number, or undefined if there is no such webhook. */
  replay(slug: string, selection: { since: string } | { id: string }): Promise<number | undefined>
  /** Queues an event for every change since the last call; returns their number. */
  queueEvents(): Promise<number>
  /** Claims the next delivery that is due until `until`; skips the webhooks in `except`. */
  claimDelivery(now: string, until: string, except: readonly string[]): Promise<ClaimedDelivery | undefined>
  finishDelivery(id: string, at: string, outcome: DeliveryOutcome): Promise<void>
  /** Deletes superseded changes and finished deliveries from before this time; returns their number. */
  prune(before: string): Promise<number>
}

/** Generates a secret of 256 random bits in the format of Standard Webhooks 1.0. */
export const generateSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** Returns true if a webhook with these filters receives an event. */
export const matchesEvent = (
  { events, tracks }: Pick<Webhook, 'events' | 'tracks'>,
  event: { type: string; track: string },
): boolean => {
  const [noun] = event.type.split('.', 1)
  const named = events.length === 0 || events.some(one => one === '*' || one === event.type || one === `${noun}.*`)
  return named && (tracks.length === 0 || tracks.includes(event.track))
}
