import type { z } from 'zod'
import { Webhook } from '../model/webhook.ts'
import { withHeaders } from './openapi-headers.ts'
import { anywhere, keyed, queryParameter, refParameter } from './openapi-paths.ts'
import { problemResponses, type RefusalName } from './openapi-responses.ts'
import { schemaOf } from './openapi-schemas.ts'
import {
  DeliveriesPage,
  DeliveriesQuery,
  MadeWebhook,
  NewSecret,
  Replay,
  Replayed,
  WebhookBody,
  WebhookList,
  webhookPaths,
} from './webhooks.ts'

export const webhookSchemas: readonly z.ZodType[] = [
  Webhook,
  WebhookList,
  MadeWebhook,
  NewSecret,
  DeliveriesPage,
  Replayed,
]
export const webhookBodies: readonly z.ZodObject[] = [WebhookBody]
export { Replay as replayBody }

const when = '2026-11-01T00:00:00.000Z'
const webhook = {
  slug: 'lms',
  url: 'https://lms.example/hooks/curriculum',
  events: ['skill.*'],
  tracks: ['python'],
  disabled: false,
  disabledBecause: null,
  pending: 0,
  createdAt: when,
  updatedAt: when,
}
const draft = { url: webhook.url, events: webhook.events, tracks: webhook.tracks }
const secret = 'whsec_Zm9yIGFuIGV4YW1wbGUgYWxvbmUsIG5ldmVyIHVzZSE='
const delivery = {
  id: 'msg_4qh1cUqcGq9nW1aTqkxGNg',
  type: 'skill.updated',
  state: 'delivered',
  attempts: 1,
  createdAt: when,
  nextAt: null,
  lastAt: when,
  lastAnswer: '204',
}

/** How webhooks are kept: for admin keys. */
export const webhookPathItems = (): Record<string, object> => ({
  [webhookPaths.list]: {
    get: {
      ...about('listWebhooks', 'List webhooks', 'Every receiver that is told of changes, by slug.'),
      responses: { ...answer(200, 'All of them.', WebhookList, { data: [webhook] }), ...refusals([]) },
    },
  },
  [webhookPaths.one]: {
    get: {
      ...about('getWebhook', 'Get a webhook', 'How it is, and how many events wait for it.'),
      parameters,
      responses: { ...answer(200, 'The webhook.', Webhook, webhook), ...refusals(['NotFound', 'AddressTooLong']) },
    },
    put: {
      ...about(
        'putWebhook',
        'Make or change a webhook',
        'What is new is answered with its secret, this once. Events are sent as Standard Webhooks 1.0 says; one that was disabled gets what it missed when it is enabled again.',
      ),
      parameters,
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(WebhookBody), example: draft } },
      },
      responses: {
        ...answer(200, 'The webhook as it now is.', MadeWebhook, webhook),
        ...answer(201, 'The webhook is made.', MadeWebhook, { ...webhook, secret }, ['Location']),
        ...refusals(['Unprocessable', 'UnsupportedMediaType', 'PayloadTooLarge', 'AddressTooLong']),
      },
    },
    delete: {
      ...about('deleteWebhook', 'Remove a webhook', 'With its queue and its log.'),
      parameters,
      responses: {
        204: { description: 'It is gone.', headers: withHeaders(['Cache-Control']) },
        ...refusals(['NotFound', 'AddressTooLong']),
      },
    },
  },
  [webhookPaths.secret]: {
    post: {
      ...about(
        'rotateWebhookSecret',
        'Give a webhook a new secret',
        'For a day its events are signed with both, so that the receiver can change over.',
      ),
      parameters,
      responses: {
        ...answer(200, 'The new secret, shown this once.', NewSecret, { secret, oldUntil: when }),
        ...refusals(['NotFound', 'AddressTooLong']),
      },
    },
  },
  [webhookPaths.deliveries]: {
    get: {
      ...about('listDeliveries', 'List deliveries of a webhook', 'What was sent and is to be sent, the newest first.'),
      parameters: [
        ...parameters,
        ...Object.entries(DeliveriesQuery.shape).map(([name, schema]) => queryParameter(name, schema)),
      ],
      responses: {
        ...answer(200, 'A page of deliveries.', DeliveriesPage, { data: [delivery], page: { size: 1, next: null } }),
        ...refusals(['NotFound', 'AddressTooLong']),
      },
    },
  },
  [webhookPaths.replay]: {
    post: {
      ...about(
        'replayDeliveries',
        'Send deliveries again',
        'One, or all that were queued since a time: each under its own id.',
      ),
      parameters,
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(Replay), example: { since: when } } },
      },
      responses: {
        ...answer(202, 'They are queued.', Replayed, { queued: 1 }),
        ...refusals(['NotFound', 'Unprocessable', 'UnsupportedMediaType', 'PayloadTooLarge', 'AddressTooLong']),
      },
    },
  },
})

const parameters = [refParameter('Slug of the webhook.', webhook.slug)]

const about = (operationId: string, summary: string, description: string) => ({
  operationId,
  summary,
  description,
  tags: ['webhooks'],
  security: [{ key: [] }],
})

const answer = (
  status: number,
  description: string,
  schema: z.ZodType,
  example: unknown,
  more: readonly 'Location'[] = [],
): object => ({
  [status]: {
    description,
    headers: withHeaders(['Cache-Control', ...more]),
    content: { 'application/json': { schema: schemaOf(schema), example } },
  },
})

const refusals = (more: readonly RefusalName[]) => problemResponses([...more, 'RateLimited', ...keyed, ...anywhere])
