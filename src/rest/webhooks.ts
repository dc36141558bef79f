import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import { Failure, notFound } from '../errors.ts'
import type { Authentication } from '../http/authentication.ts'
import { createAddressFilter, literalAddressOf } from '../http/public-networks.ts'
import { relativeUrl } from '../http/redirect.ts'
import { rfc3339, rfc3339Rule, Slug } from '../model/keys.ts'
import {
  Delivery,
  generateSecret,
  Webhook,
  type WebhookDraft,
  type Webhooks,
  type WebhookWrites,
} from '../model/webhook.ts'
import { brokenRule } from '../query/explain.ts'
import { parseBody, unprocessable } from '../query/validation-errors.ts'
import { numberParameter, textParameter } from './parameters.ts'
import { validateQuery } from './validate-query.ts'

export const webhookPaths = {
  list: '/v1/webhooks',
  one: '/v1/webhooks/{ref}',
  secret: '/v1/webhooks/{ref}/secret',
  deliveries: '/v1/webhooks/{ref}/deliveries',
  replay: '/v1/webhooks/{ref}/replay',
} as const

export const WebhookList = z
  .strictObject({ data: z.array(Webhook).max(10_000) })
  .meta({ id: 'WebhookList', description: 'Every webhook, by slug.' })

const Secret = z
  .string()
  .max(100)
  .meta({ description: 'The secret that events are signed with, shown only once.', examples: ['whsec_…'] })

export const MadeWebhook = Webhook.extend({ secret: Secret.optional() }).meta({
  id: 'MadeWebhook',
  description: 'A webhook; with its secret if it was just created.',
})

export const NewSecret = z
  .strictObject({
    secret: Secret,
    oldUntil: z.iso.datetime().meta({ description: 'The time until which events are signed with the old secret too.' }),
  })
  .meta({ id: 'NewSecret', description: 'A new secret; the old one stays valid for a while.' })

export const DeliveriesPage = z
  .strictObject({
    data: z.array(Delivery).max(200),
    page: z
      .strictObject({
        size: z.int().min(0).max(200),
        next: z
          .string()
          .max(100)
          .nullable()
          .meta({ description: 'The `before` of the next request, for older deliveries; null if there are none.' }),
      })
      .meta({ id: 'DeliveriesPlace', description: 'The position of this page.' }),
  })
  .meta({ id: 'DeliveriesPage', description: 'Sent and pending deliveries, newest first.' })

export const Replay = z
  .union([
    z.strictObject({
      since: z
        .string()
        .max(40)
        .regex(rfc3339, rfc3339Rule)
        .meta({ format: 'date-time', description: 'All deliveries queued at or after this time (RFC 3339).' }),
    }),
    z.strictObject({ delivery: z.string().min(1).max(100).meta({ description: 'The id of a delivery.' }) }),
  ])
  .meta({ id: 'Replay', description: 'The deliveries to send again.', examples: [{ since: '2026-11-01T00:00:00Z' }] })

export const Replayed = z
  .strictObject({ queued: z.int().min(0).max(1_000_000_000).meta({ description: 'The number of deliveries.' }) })
  .meta({ id: 'Replayed', description: 'The number of deliveries that were queued again.' })

export const DeliveriesQuery = z.strictObject({
  limit: numberParameter({ min: 1, max: 200, default: 50 }, 'The number of items on a page.'),
  before: textParameter(
    { maxLength: 100, pattern: '^[\\w-]+$' },
    'The `next` of the previous page.',
    'msg_4qh1cUqcGq9nW1aTqkxGNg',
  ),
})

/** The body of `PUT`: read-only fields may be sent as they were read. */
export const WebhookBody = Webhook.partial({
  slug: true,
  disabledBecause: true,
  pending: true,
  createdAt: true,
  updatedAt: true,
}).meta({ id: 'WebhookInput', description: 'A receiver of events.' })

type RefParams = { Params: { ref: string } }

/** The time for which deliveries are signed with the old secret too after a rotation, in milliseconds. */
const secretOverlap = 24 * 3_600_000

/** Adds `/v1/webhooks`, for admin keys. `networks` are allowed for receivers in addition to the public internet. */
export const addWebhooks = (
  app: FastifyInstance,
  catalog: Catalog,
  webhooks: Webhooks,
  writes: WebhookWrites,
  authentication: Authentication,
  networks: readonly string[],
): void => {
  const isReachable = createAddressFilter(networks)
  app.register(async scope => {
    scope.addHook('onRequest', authentication.requireHook('admin'))
    scope.addHook('onSend', async (_request, reply) => void reply.header('cache-control', 'no-store'))
    const at = (path: string) => path.replace('{ref}', ':ref')
    const requireWebhook = async (request: FastifyRequest<RefParams>): Promise<Webhook> => {
      const webhook = await webhooks.webhook(request.params.ref)
      if (webhook === undefined) throw notFound('webhook', request.params.ref)
      return webhook
    }
    scope.get(webhookPaths.list, async request => {
      validateQuery(z.strictObject({}), request.query)
      return { data: await webhooks.webhooks() }
    })
    scope.get<RefParams>(at(webhookPaths.one), requireWebhook)
    scope.put<RefParams>(at(webhookPaths.one), async (request, reply) => {
      const draft = await readDraft(catalog, isReachable, request)
      const secret = generateSecret()
      const { created, webhook } = await writes.putWebhook(checkSlug(request.params.ref), draft, secret)
      if (!created) return webhook
      reply.code(201).header('location', relativeUrl(request, `/v1/webhooks/${webhook.slug}`))
      return { ...webhook, secret }
    })
    scope.delete<RefParams>(at(webhookPaths.one), async (request, reply) => {
      if (!(await writes.removeWebhook(request.params.ref))) throw notFound('webhook', request.params.ref)
      return reply.code(204).send()
    })
    scope.post<RefParams>(at(webhookPaths.secret), async request => {
      const { slug } = await requireWebhook(request)
      const [secret, oldUntil] = [generateSecret(), new Date(Date.now() + secretOverlap).toISOString()]
      await writes.rotateSecret(slug, secret, oldUntil)
      return { secret, oldUntil }
    })
    scope.get<RefParams>(at(webhookPaths.deliveries), async request => {
      const { slug } = await requireWebhook(request)
      const { limit, before } = validateQuery(DeliveriesQuery, request.query)
      const { data, more } = await webhooks.deliveries(slug, { limit, before })
      return { data, page: { size: data.length, next: more ? data.at(-1)?.id : null } }
    })
    scope.post<RefParams>(at(webhookPaths.replay), async (request, reply: FastifyReply) => {
      const { slug } = await requireWebhook(request)
      const body = parseBody(Replay, request.body)
      const selection =
        'since' in body ? { since: new Date(body.since.toUpperCase()).toISOString() } : { id: body.delivery }
      const queued = await writes.replay(slug, selection)
      if ('id' in selection && queued === 0) throw notFound('delivery', selection.id)
      return reply.code(202).send({ queued })
    })
  })
}

const checkSlug = (ref: string): string => {
  const broken = brokenRule(Slug, ref)
  if (broken !== undefined) throw new Failure('UNPROCESSABLE', `A webhook is written under its slug, which ${broken}.`)
  return ref
}

const readDraft = async (
  catalog: Catalog,
  isReachable: (address: string) => boolean,
  request: FastifyRequest,
): Promise<WebhookDraft> => {
  const { url, events, tracks, disabled } = parseBody(WebhookBody, request.body)
  // Host names are resolved and checked at each delivery, since their addresses can change.
  const address = literalAddressOf(new URL(url))
  if (address !== undefined && !isReachable(address))
    throw unprocessable([
      {
        pointer: '/url',
        message: `"url" leads to ${address}, which is not an address on the public internet. If the receiver is there, the operator of the service must allow its network: WEBHOOK_NETWORKS=${address}.`,
      },
    ])
  for (const [index, track] of tracks.entries()) {
    const found = await catalog.find('track', track)
    if (found === undefined)
      throw new Failure('UNPROCESSABLE', `There is no track called "${track}".`, {
        errors: [{ pointer: `/tracks/${index}`, message: `There is no track called "${track}".` }],
      })
  }
  return { url, events, tracks, disabled }
}
