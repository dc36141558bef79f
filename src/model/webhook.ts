import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { Slug, Timestamp } from './keys.ts'
import { listOf } from './text.ts'
import { nouns } from './vocabulary.ts'

const happenings = ['created', 'updated', 'deleted'] as const

/** What can be told of: what happened to which noun. */
export const eventTypes = nouns.flatMap(noun => happenings.map(what => `${noun}.${what}`))

const EventFilter = z
  .enum([...eventTypes, ...nouns.map(noun => `${noun}.*`), '*'])
  .meta({ description: 'An event such as `skill.updated`, all of a noun such as `skill.*`, or `*`.' })

const Instant = Timestamp.nullable().readonly()

/** Who is told of changes (Standard Webhooks 1.0). */
export const Webhook = z
  .strictObject({
    slug: Slug.readonly(),
    url: z
      .url({ protocol: /^https?$/, error: 'a receiver has an address that begins with https:// or http://' })
      .max(2_000)
      .meta({ description: 'Where events are sent to, by POST.', examples: ['https://lms.example/hooks/curriculum'] }),
    events: listOf(EventFilter).meta({
      description: 'Only these events; all where none is named.',
      examples: [['skill.*']],
    }),
    tracks: listOf(z.string().min(1).max(24)).meta({
      description: 'Only of these tracks; of all where none is named.',
    }),
    disabled: z.boolean().default(false).meta({
      description:
        'Whether nothing is sent. Set by the service where the receiver answers 410 or fails for days; set it to false, and all that was missed is sent.',
    }),
    disabledBecause: z.string().max(500).nullable().readonly().meta({ description: 'Why the service disabled it.' }),
    pending: z.int().min(0).max(1_000_000_000).readonly().meta({ description: 'How many events wait to be sent.' }),
    createdAt: Timestamp.readonly().meta({ description: 'When it was made (RFC 3339, UTC).' }),
    updatedAt: Timestamp.readonly().meta({ description: 'When it was last changed (RFC 3339, UTC).' }),
  })
  .meta({ id: 'Webhook', description: 'A receiver that is told of changes.' })
export type Webhook = z.infer<typeof Webhook>

/** What is written of a webhook. */
export type WebhookDraft = Pick<Webhook, 'url' | 'events' | 'tracks' | 'disabled'>

export const Delivery = z
  .strictObject({
    id: z.string().max(100).meta({ description: 'The `webhook-id`: the same at every attempt.' }),
    type: z.string().max(100).meta({ description: 'The event, such as `skill.updated`.' }),
    state: z.enum(['waiting', 'delivered', 'failed']).meta({ description: 'What became of it so far.' }),
    attempts: z.int().min(0).max(1_000_000).meta({ description: 'How often it was sent.' }),
    createdAt: Timestamp.meta({ description: 'When it was queued (RFC 3339, UTC).' }),
    nextAt: Instant.meta({ description: 'When it is sent next; null where it is not sent any more.' }),
    lastAt: Instant.meta({ description: 'When it was last sent.' }),
    lastAnswer: z
      .string()
      .max(500)
      .nullable()
      .meta({ description: 'The status of the last answer, or why there was none.' }),
  })
  .meta({ id: 'Delivery', description: 'An event on its way to a webhook, or what became of it.' })
export type Delivery = z.infer<typeof Delivery>

/** An event to be sent now. */
export interface Claimed {
  id: string
  webhook: string
  url: string
  body: string
  /** Those that still hold, the newest first. */
  secrets: string[]
  /** How often it was sent before. */
  attempts: number
}

/** What came of sending it. */
export interface Outcome {
  /** A status, or why there was none. */
  answer: string
  delivered: boolean
  /** When to send it again; undefined where that is over. */
  nextAt?: string | undefined
  /** Whether the receiver is at fault and not this one event: others wait for it then. */
  down: boolean
  /** Why the webhook is disabled, where it is. */
  disable?: string | undefined
}

/** The webhooks there are, with their queues and logs. */
export interface Webhooks {
  webhooks(): Promise<Webhook[]>
  webhook(slug: string): Promise<Webhook | undefined>
  /** The newest first, older than one where it is named. */
  deliveries(
    slug: string,
    page: { limit: number; before?: string | undefined },
  ): Promise<{ data: Delivery[]; more: boolean }>
  /** Whether there is anything to tell a webhook of, now. */
  isDue(now: string): Promise<boolean>
  /** Whether there are changes from before this time that later ones have made meaningless. */
  isForgettable(before: string): Promise<boolean>
  /** How many events wait, over all webhooks. */
  waiting(): Promise<number>
}

export interface WebhookWrites {
  /** Makes one, with this secret, or changes what it is. */
  putWebhook(slug: string, draft: WebhookDraft, secret: string): Promise<{ created: boolean; webhook: Webhook }>
  /** Whether there was one. */
  removeWebhook(slug: string): Promise<boolean>
  /** A new secret; what is sent is signed with the old one too until `until`. */
  rotateSecret(slug: string, secret: string, until: string): Promise<boolean>
  /** Queues again what was queued since a time, or one delivery; undefined where there is no such webhook. */
  replay(slug: string, what: { since: string } | { id: string }): Promise<number | undefined>
  /** Queues an event for every change that webhooks were not told of; answers how many. */
  queueEvents(): Promise<number>
  /** The next event that is due, kept from others until `until`; none of the webhooks in `except`. */
  claimDelivery(now: string, until: string, except: readonly string[]): Promise<Claimed | undefined>
  settleDelivery(id: string, at: string, outcome: Outcome): Promise<void>
  /** Forgets superseded changes and ended deliveries from before this time. */
  forget(before: string): Promise<number>
}

/** 256 random bits, written as the specification says. */
export const makeSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`

/** Whether a webhook with these filters is told of an event. */
export const isTold = (
  { events, tracks }: Pick<Webhook, 'events' | 'tracks'>,
  event: { type: string; track: string },
): boolean => {
  const [noun] = event.type.split('.', 1)
  const named = events.length === 0 || events.some(one => one === '*' || one === event.type || one === `${noun}.*`)
  return named && (tracks.length === 0 || tracks.includes(event.track))
}
