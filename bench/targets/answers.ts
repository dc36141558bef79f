import { cases, distinctRequests, graphqlCases, persistedMatrix } from '../cases.ts'
import { databaseOf } from '../data.ts'
import { type Figure, measuredHeading, measuredRow, ratioOf } from '../figure.ts'
import { type BenchRequest, fetchResponse } from '../load/request.ts'
import { interleaved, type Measured } from '../rounds.ts'
import type { Bench, Section } from '../section.ts'
import { type Constant, onLimit, startLimit } from '../servers/limit.ts'
import { startOurs } from '../servers/ours.ts'
import type { Server } from '../servers/server.ts'
import { startTextbook } from '../servers/textbook.ts'

/** The share of the limit that each response must reach, from the cache and without it; undefined without a target. */
const wanted: Record<string, { cached?: number; uncached?: number }> = {
  skill: { cached: 0.9, uncached: 0.5 },
  'list by tier': { cached: 0.9 },
  'list of 50': { uncached: 0.5 },
  roadmap: { cached: 0.9, uncached: 0.25 },
  search: { cached: 0.9, uncached: 0.25 },
  'GraphQL list': { cached: 0.9, uncached: 0.25 },
  'GraphQL matrix': { cached: 0.9, uncached: 0.2 },
  'GraphQL matrix, persisted': { cached: 0.9 },
  'skill, 304': { cached: 0.9 },
  'roadmap, 304': { cached: 0.9 },
  'skill, HEAD': { cached: 0.9 },
}

const timesTextbook = 3

/** Targets 1 and 2: our responses compared with constants and with the textbook, on a track of 100 skills. */
export const answers = async ({ generator, pace, log }: Bench): Promise<Section[]> => {
  const database = await databaseOf(1)
  const [cached, uncached, textbook] = [
    await startOurs(database),
    await startOurs(database, { CACHE_BYTES: '0' }),
    await startTextbook(database),
  ]
  const constants = await recordConstants(cached)
  const limit = await startLimit(constants)
  const section: Section = {
    title: 'Responses of a track of 100 skills, compared with the limit',
    rows: [measuredHeading],
    figures: [],
  }
  for (const constant of constants) {
    const { name, request } = constant
    log(name)
    const without = wanted[name]?.uncached !== undefined
    if (without) await assertComparable(constant, textbook)
    const contenders = {
      limit: { server: limit, request: onLimit(constant) },
      'from the cache': { server: cached, request },
      ...(without && {
        'without the cache': { server: uncached, request: distinctRequests(request) },
        textbook: { server: textbook, request: distinctRequests(request) },
      }),
    }
    const measured: Results = await interleaved(generator, contenders, pace)
    for (const [contender, one] of Object.entries(measured))
      section.rows.push(measuredRow(`${name}, ${contender}`, one, measured.limit))
    section.figures.push(...figuresOf(name, measured))
  }
  for (const server of [cached, uncached, textbook, limit]) await server.stop()
  return [section]
}

type Results = Record<'limit' | 'from the cache', Measured> &
  Partial<Record<'without the cache' | 'textbook', Measured>>

/** Records our response to each case, for the limit to send. */
const recordConstants = async (ours: Server): Promise<Constant[]> => {
  await fetchResponse(ours.port, persistedMatrix.register)
  const conditional = async (request: BenchRequest): Promise<BenchRequest> => {
    const { etag } = await fetchResponse(ours.port, request)
    return { ...request, headers: { 'if-none-match': etag }, status: 304 }
  }
  const requests: Record<string, BenchRequest> = {
    ...cases,
    ...graphqlCases,
    'GraphQL matrix, persisted': persistedMatrix.request,
    'skill, 304': await conditional(cases.skill),
    'roadmap, 304': await conditional(cases.roadmap),
    'skill, HEAD': { ...cases.skill, method: 'HEAD' },
  }
  const constants: Constant[] = []
  for (const [name, request] of Object.entries(requests)) {
    // Fastify derives the response to HEAD from the route of GET.
    const answer = await fetchResponse(ours.port, {
      ...request,
      method: request.method === 'HEAD' ? 'GET' : request.method,
    })
    constants.push({ name, request, answer })
  }
  return constants
}

/** Checks that the textbook's response is as long as ours, within 20 %: a different response would prove nothing. */
const assertComparable = async ({ name, request, answer }: Constant, textbook: Server): Promise<void> => {
  const { status, body } = await fetchResponse(textbook.port, request)
  const share = body.length / answer.body.length
  if (status !== 200 || share < 0.8 || share > 1.2)
    throw new Error(
      `The textbook's response to ${name} has status ${status} and ${body.length} bytes, ours has ${answer.body.length}.`,
    )
}

const figuresOf = (name: string, measured: Results): Figure[] => {
  const { limit, 'from the cache': cached, 'without the cache': uncached, textbook } = measured
  const { cached: repeated, uncached: first } = wanted[name] ?? {}
  const figures: Figure[] = []
  const figure = (target: number, what: string, one: Measured, other: Measured, unit: string, least: number) => {
    const { ratio, by } = ratioOf(one, other)
    figures.push({ target, name: `${name}, ${what}`, value: ratio, unit, wanted: { least }, by })
  }
  if (repeated !== undefined) figure(1, 'repeated', cached, limit, 'L', repeated)
  if (first === undefined || uncached === undefined || textbook === undefined) return figures
  figure(2, 'without the cache', uncached, limit, 'L', first)
  figure(2, 'without the cache', uncached, textbook, '× textbook', timesTextbook)
  return figures
}
