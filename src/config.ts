import { isIP } from 'node:net'
import { z } from 'zod'

const wholeNumber = (max: number, min = 0) => z.coerce.number().int().min(min).max(max)

const flag = z.stringbool({ truthy: ['1', 'true', 'yes'], falsy: ['0', 'false', 'no'] })

/** The environment variables, parsed once. `takes` describes the valid values, for the error about an invalid one. */
export const Config = z.object({
  PORT: wholeNumber(65_535).default(3000).meta({
    description: 'The TCP port to listen on; with 0 the system chooses a free port.',
    takes: 'a whole number from 0 to 65535',
  }),
  HOST: z.string().default('localhost').meta({
    description: 'The host name or IP address to listen on; `0.0.0.0` for every interface.',
    takes: 'a host name or an IP address',
  }),
  DATABASE_URL: z
    .string()
    .regex(/^file:[^?]+$/)
    .default('file:./data/curriculum.db')
    .meta({
      description: 'The SQLite database file: `file:` and a path.',
      takes: '"file:" and a path without a query, such as file:./data/curriculum.db',
    }),
  CONTENT: z.string().default('./seed').meta({
    description: 'The folder of tracks. At the start, tracks whose files have changed since the last load are loaded.',
    takes: 'the path of a folder',
  }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine(url => !/[?#]/.test(url))
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .meta({
      description: 'The URL of the service for clients, if it is not `http://HOST:PORT`.',
      takes: 'a URL that begins with https:// or http:// and contains no ? or #',
    }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').meta({
    description: 'The lowest level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    takes: 'one of fatal, error, warn, info, debug, trace and silent',
  }),
  TRUST_PROXY: z
    .string()
    .refine(list => list.split(',').every(isNetwork))
    .optional()
    .meta({
      description:
        'IP addresses or networks of the proxies whose `X-Forwarded-For` header is trusted, separated by commas, such as `127.0.0.1`.',
      takes: 'IP addresses or networks separated by commas, such as 127.0.0.1,10.0.0.0/8',
    }),
  RATE_LIMIT_PER_MINUTE: wholeNumber(1_000_000_000).default(1000).meta({
    description: 'The number of requests that a client (an IP address) may send per minute; 0 for no limit.',
    takes: 'a whole number, 0 for no limit',
  }),
  DRAIN_SECONDS: wholeNumber(3_600).optional().meta({
    description:
      'Seconds between `SIGTERM` and the end of listening. Meanwhile `/readyz` answers 503, and requests are still answered. Default: 5, or 0 in a terminal.',
    takes: 'a whole number of seconds from 0 to 3600',
  }),
  WORKERS: wholeNumber(64, 1).default(1).meta({
    description: 'The number of processes that answer requests, on one port and one database.',
    takes: 'a whole number from 1 to 64',
  }),
  CACHE_BYTES: wholeNumber(2 ** 40)
    .default(64 * 1024 * 1024)
    .meta({
      description: 'The memory of the response cache, in bytes per process; 0 turns it off.',
      takes: 'a whole number of bytes, 0 for no cache',
    }),
  MEMORY_BYTES: wholeNumber(2 ** 40)
    .default(64 * 1024 * 1024)
    .meta({
      description: 'The memory of the cache of database rows, in bytes per process; 0 turns it off.',
      takes: 'a whole number of bytes, 0 for no cache',
    }),
  READ_ONLY: flag.default(false).meta({
    description: '`1` to write nothing to the database: no migrations, no loading of content, no write requests.',
    takes: '1 or 0',
  }),
  ADMIN_KEY: z.string().min(32).optional().meta({
    description: 'An API key of scope `admin`, in addition to those made by `keys create`: 32 characters or more.',
    takes: '32 characters or more',
  }),
  READ_ACCESS: z.enum(['public', 'key']).default('public').meta({
    description: '`public` if reading needs no API key, `key` if it needs one.',
    takes: 'public or key',
  }),
  WEBHOOK_NETWORKS: z
    .string()
    .transform(list =>
      list
        .split(',')
        .map(one => one.trim())
        .filter(one => one !== ''),
    )
    .refine(list => list.every(isNetwork))
    .default([])
    .meta({
      description:
        'IP addresses or networks outside the public internet that webhooks may be sent to, separated by commas, such as `10.0.0.0/8`.',
      takes: 'IP addresses or networks separated by commas, such as 10.0.0.0/8,127.0.0.1',
    }),
  CHANGES_RETENTION_DAYS: wholeNumber(36_500, 1).default(90).meta({
    description:
      'Days for which all changes stay in the change feed. Of older changes, only the last one of each item stays.',
    takes: 'a whole number of days from 1',
  }),
  GRAPHIQL: flag
    .default(true)
    .meta({ description: '`true` to serve `/graphiql`, a GraphQL editor.', takes: 'true or false' }),
})
export type Config = z.infer<typeof Config>

/** Returns the seconds to drain; 0 in a terminal, where no load balancer has to notice the end. */
export const drainSecondsOf = ({ DRAIN_SECONDS }: Pick<Config, 'DRAIN_SECONDS'>, onTerminal: boolean): number =>
  DRAIN_SECONDS ?? (onTerminal ? 0 : 5)

/** Returns true for an IP address or a network in CIDR notation. */
const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.trim().split('/')
  const maxBits = { 4: 32, 6: 128 }[isIP(address)]
  if (maxBits === undefined || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= maxBits)
}

/** Thrown for an invalid environment. The message names each invalid variable, never its value. */
export class BadConfig extends Error {}

/** Parses the environment. An empty variable counts as not set, since container tools pass unset variables as empty. */
export const readConfig = (environment: Record<string, string | undefined>): Config => {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const result = Config.safeParse(set)
  if (result.success) return result.data
  const invalid = new Set(result.error.issues.map(issue => issue.path[0] as keyof Config)) // the schema is flat
  throw new BadConfig(`${[...invalid].map(name => `${name} takes ${Config.shape[name].meta()?.takes}`).join('; ')}.`)
}
