import { createRandom } from '../../bench/tracks.ts'

/** A request as `fetch` and the framework's `inject` take it. */
export interface FuzzedRequest {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
}

interface Parameter {
  name: string
  in: string
  required?: boolean
  example?: unknown
}

interface Operation {
  parameters?: (Parameter | { $ref: string })[]
  requestBody?: { content: Record<string, { example?: unknown }> }
}

/** The parts of an OpenAPI document that the fuzzer reads. */
export interface Described {
  paths: Record<string, Record<string, Operation>>
  components: { parameters: Record<string, Parameter> }
}

/**
 * Yields damaged requests to every operation of a description, and to GraphQL, which it does not describe: `rounds` for each
 * operation, the same ones for the same seed.
 */
export function* fuzzed(description: Described, seed: number, rounds: number): Generator<FuzzedRequest> {
  const random = createRandom(seed)
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T // no list is empty
  const operations = Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  for (const { path, method, operation } of [...operations, ...graphqlOperations]) {
    const parameters = (operation.parameters ?? []).map(parameter =>
      '$ref' in parameter
        ? (description.components.parameters[parameter.$ref.slice(parameter.$ref.lastIndexOf('/') + 1)] as Parameter)
        : parameter,
    )
    const contents = Object.entries(operation.requestBody?.content ?? {})
    for (let round = 0; round < rounds; round += 1) {
      const [type, content] = contents.length === 0 ? [] : one(contents)
      // Most can be wrong with a body: three of four requests have a damaged one if the operation takes a body.
      const inBody = type !== undefined && round % 4 !== 0
      const mutated = inBody ? undefined : parameters.length === 0 ? undefined : one(parameters)
      const value = (parameter: Parameter): string => (parameter === mutated ? one(texts) : String(parameter.example))
      const used = parameters.filter(
        parameter => parameter === mutated || parameter.required || parameter.name === 'dryRun' || random() < 0.3,
      )
      const query = used.flatMap(parameter =>
        parameter.in === 'query' ? [`${parameter.name}=${encoded(value(parameter))}`] : [],
      )
      if (random() < 0.1) query.push(`${encoded(one(texts))}=${encoded(one(texts))}`)
      const ref = used.find(parameter => parameter.in === 'path')
      const address = ref === undefined ? path : path.replace(`{${ref.name}}`, () => encoded(value(ref)) || 'x')
      const headers = used.flatMap(parameter =>
        parameter.in === 'header' ? [[parameter.name.toLowerCase(), headerValue(value(parameter))]] : [],
      )
      yield {
        method,
        url: `${address}${query.length === 0 ? '' : `?${query.join('&')}`}`,
        headers: {
          // Most updates match the current version. Deletions do not, and documents are dry runs: later requests need content to find.
          ...(/^(PUT|PATCH)$/.test(method) && random() < 0.8 ? { 'if-match': '*' } : {}),
          ...Object.fromEntries(
            method === 'GET' ? headers : headers.filter(([name]) => name === 'if-none-match' && random() < 0.2),
          ),
          ...(type === undefined ? {} : { 'content-type': type }),
        },
        ...(type === undefined
          ? {}
          : { body: inBody ? mutatedBody(content?.example, random) : JSON.stringify(content?.example) }),
      }
    }
  }
}

const graphqlBody = {
  query: 'query q($first: Int, $tier: [Tier!]) { skills(first: $first, tier: $tier) { totalCount nodes { key } } }',
  operationName: 'q',
  variables: { first: 1, tier: ['SENIOR'] },
  extensions: { persistedQuery: { version: 1, sha256Hash: 'a'.repeat(64) } },
}

const graphqlOperations: { path: string; method: string; operation: Operation }[] = [
  {
    path: '/graphql',
    method: 'POST',
    operation: { requestBody: { content: { 'application/json': { example: graphqlBody } } } },
  },
  {
    path: '/graphql',
    method: 'GET',
    operation: {
      parameters: [
        { name: 'query', in: 'query', required: true, example: graphqlBody.query },
        { name: 'variables', in: 'query', example: JSON.stringify(graphqlBody.variables) },
        { name: 'operationName', in: 'query', example: 'q' },
        { name: 'extensions', in: 'query', example: '{}' },
      ],
    },
  },
]

const nested = (levels: number, open: string, close: string): string => `${open.repeat(levels)}1${close.repeat(levels)}`

/** Texts for parameters, headers and names. */
const texts = [
  '',
  ' ',
  '0',
  '-1',
  '1e999',
  'NaN',
  'Infinity',
  '9'.repeat(400),
  '0x10',
  'null',
  'undefined',
  'true',
  '__proto__',
  'constructor',
  'toString',
  '../../etc/passwd',
  '%',
  "' or 1=1 --",
  '"',
  '*',
  '\u0000',
  '\r\nx: y',
  '\u{1f600}',
  '\u202e',
  'a,b,,c',
  ','.repeat(500),
  'x'.repeat(199),
  'x'.repeat(3_000),
  'é'.repeat(500),
  'python',
  'python.decorators',
  '00000000-0000-5000-8000-000000000000',
  '2026-13-45T99:99:99Z',
  '9999999999999999999',
  'W10',
  Buffer.from('[null]').toString('base64url'),
  Buffer.from('["skill default",{},[],null]').toString('base64url'),
  Buffer.from(`["search",1e999,[1],[${nested(50, '[', ']')}]]`).toString('base64url'),
  nested(5_00, '[', ']'),
  nested(5_00, '{"a":', '}'),
  '{ '.repeat(400),
] as const

/** JSON texts that replace a value. */
const values = [
  'null',
  'true',
  '0',
  '-0',
  '-1',
  '1.5',
  '1e308',
  '1e999',
  '9007199254740993',
  '9'.repeat(2_000),
  '""',
  '" "',
  '"\\u0000"',
  '"\\ud800"',
  '"__proto__"',
  '"<script>alert(1)</script>"',
  '"[a](javascript:x)"',
  '"python.decorators"',
  '"https://\u0000"',
  '"2026-13-45T99:99:99Z"',
  JSON.stringify('x'.repeat(5_000)),
  JSON.stringify('x'.repeat(100_000)),
  JSON.stringify('`'.repeat(20_000)),
  JSON.stringify('*a '.repeat(6_000)),
  JSON.stringify('['.repeat(15_000)),
  JSON.stringify('> '.repeat(6_000)),
  JSON.stringify(`${'- '.repeat(3_000)}x`),
  '[]',
  '{}',
  '[null]',
  '[[]]',
  '[{}]',
  '[""]',
  '{"":""}',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{}}}',
  '{"length":1e9}',
  nested(30, '[', ']'),
  nested(30, '{"a":', '}'),
  nested(70, '[', ']'),
  nested(5_000, '[', ']'),
  nested(5_000, '{"a":', '}'),
  `[${'0,'.repeat(10_000)}0]`,
  `[${'{},'.repeat(5_000)}{}]`,
  `[${'"a",'.repeat(10_000)}"a"]`,
  `{${Array.from({ length: 3_000 }, (_, index) => `"k${index}":0`).join()}}`,
] as const

/** Returns the example with a damaged value, name or text. */
const mutatedBody = (example: unknown, random: () => number): string => {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T // no list is empty
  const text = JSON.stringify(example)
  const way = random()
  if (way < 0.05) return one(values)
  if (way < 0.1) return text.slice(0, Math.floor(random() * text.length))
  if (way < 0.15) return `${text}${one(values)}`
  const parsed = JSON.parse(text) as object // the example of every body is an object
  const places = placesIn(parsed)
  const [parent, name] = one(places)
  const mark = '@@here@@'
  if (way < 0.25) (parent as Record<string, unknown>)[one(texts)] = mark
  else Object.defineProperty(parent, name, { value: mark, enumerable: true, writable: true, configurable: true })
  return JSON.stringify(parsed).replace(`"${mark}"`, () => one(values))
}

/** Returns every place in a value: the object or array, and the name or index in it. */
const placesIn = (value: object): [object, string][] =>
  Object.entries(value).flatMap(([name, inner]): [object, string][] => [
    [value, name],
    ...(typeof inner === 'object' && inner !== null ? placesIn(inner) : []),
  ])

const encoded = (text: string): string => encodeURIComponent(text.toWellFormed())

/** Removes characters that no client can put into a header. */
const headerValue = (text: string): string => text.replaceAll(/[^\x20-\x7e]/g, '').slice(0, 4_000)
