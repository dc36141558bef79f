import type { z } from 'zod'
import { Webhook } from '../model/webhook.ts'
import { withHeaders } from './openapi-headers.ts'
import { commonProblems, keyProblems, queryParameter, refParameter } from './openapi-paths.ts'
import { type ProblemName, problemResponses } from './openapi-responses.ts'
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
export { Replay as replayBody }

const exampleTime = '2026-11-01T00:00:00.000Z'
const webhook = {
  slug: 'lms',
  url: 'https://lms.example/hooks/curriculum',
  events: ['skill.*'],
  tracks: ['python'],
  disabled: false,
  disabledBecause: null,
  pending: 0,
  createdAt: exampleTime,
  updatedAt: exampleTime,
}
const draft = { url: webhook.url, events: webhook.events, tracks: webhook.tracks }
const secret = 'whsec_Zm9yIGFuIGV4YW1wbGUgYWxvbmUsIG5ldmVyIHVzZSE='
const delivery = {
  id: 'msg_4qh1cUqcGq9nW1aTqkxGNg',
  type: 'skill.updated',
  state: 'delivered',
  attempts: 1,
  createdAt: exampleTime,
  nextAt: null,
  lastAt: exampleTime,
  lastAnswer: '204',
}

/** Returns the path items of webhooks, which need an admin key. */
export const webhookPathItems = (): Record<string, object> => ({
  [webhookPaths.list]: {
    get: {
      ...operationInfo('listWebhooks', 'List webhooks', 'Every receiver of events, by slug.'),
      responses: { ...jsonResponse(200, 'All webhooks.', WebhookList, { data: [webhook] }), ...webhookProblems([]) },
    },
  },
  [webhookPaths.one]: {
    get: {
      ...operationInfo('getWebhook', 'Get a webhook', 'Its settings, and the number of pending events.'),
      parameters,
      responses: {
        ...jsonResponse(200, 'The webhook.', Webhook, webhook),
        ...webhookProblems(['NotFound', 'AddressTooLong']),
      },
    },
    put: {
      ...operationInfo(
        'putWebhook',
        'Create or change a webhook',
        'The response to the creation has the secret, which is shown only once. Events are sent by Standard Webhooks 1.0; a disabled webhook gets the missed events when it is enabled again.',
      ),
      parameters,
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(WebhookBody), example: draft } },
      },
      responses: {
        ...jsonResponse(200, 'The changed webhook.', MadeWebhook, webhook),
        ...jsonResponse(201, 'The webhook was created.', MadeWebhook, { ...webhook, secret }, ['Location']),
        ...webhookProblems(['Unprocessable', 'UnsupportedMediaType', 'PayloadTooLarge', 'AddressTooLong']),
      },
    },
    delete: {
      ...operationInfo('deleteWebhook', 'Remove a webhook', 'Removes its queue and its log too.'),
      parameters,
      responses: {
        204: { description: 'The webhook was removed.', headers: withHeaders(['Cache-Control']) },
        ...webhookProblems(['NotFound', 'AddressTooLong']),
      },
    },
  },
  [webhookPaths.secret]: {
    post: {
      ...operationInfo(
        'rotateWebhookSecret',
        'Give a webhook a new secret',
        'For a day events are signed with both secrets, so that the receiver can switch.',
      ),
      parameters,
      responses: {
        ...jsonResponse(200, 'The new secret, shown only once.', NewSecret, { secret, oldUntil: exampleTime }),
        ...webhookProblems(['NotFound', 'AddressTooLong']),
      },
    },
  },
  [webhookPaths.deliveries]: {
    get: {
      ...operationInfo('listDeliveries', 'List deliveries of a webhook', 'Sent and pending deliveries, newest first.'),
      parameters: [
        ...parameters,
        ...Object.entries(DeliveriesQuery.shape).map(([name, schema]) => queryParameter(name, schema)),
      ],
      responses: {
        ...jsonResponse(200, 'A page of deliveries.', DeliveriesPage, {
          data: [delivery],
          page: { size: 1, next: null },
        }),
        ...webhookProblems(['NotFound', 'AddressTooLong']),
      },
    },
  },
  [webhookPaths.replay]: {
    post: {
      ...operationInfo(
        'replayDeliveries',
        'Send deliveries again',
        'One delivery, or all that were queued since a time: each under its own id.',
      ),
      parameters,
      requestBody: {
        required: true,
        content: { 'application/json': { schema: schemaOf(Replay), example: { since: exampleTime } } },
      },
      responses: {
        ...jsonResponse(202, 'The deliveries are queued.', Replayed, { queued: 1 }),
        ...webhookProblems(['NotFound', 'Unprocessable', 'UnsupportedMediaType', 'PayloadTooLarge', 'AddressTooLong']),
      },
    },
  },
})

const parameters = [refParameter('Slug of the webhook.', webhook.slug)]

const operationInfo = (operationId: string, summary: string, description: string) => ({
  operationId,
  summary,
  description,
  tags: ['webhooks'],
  security: [{ key: [] }],
})

const jsonResponse = (
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

const webhookProblems = (more: readonly ProblemName[]) =>
  problemResponses([...more, 'RateLimited', ...keyProblems, ...commonProblems])
