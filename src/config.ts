import { isIP } from 'node:net'
import { z } from 'zod'

const wholeNumber = (most: number, least = 0) => z.coerce.number().int().min(least).max(most)

const flag = z.stringbool({ truthy: ['1', 'true', 'yes'], falsy: ['0', 'false', 'no'] })

/** The environment variables, parsed once. `takes` describes the valid values, for the error about an invalid one. */
export const Config = z.object({
  PORT: wholeNumber(65_535)
    .default(3000)
    .meta({ description: 'TCP port to listen on; 0 takes a free one.', takes: 'a whole number from 0 to 65535' }),
  HOST: z.string().default('localhost').meta({
    description: 'Address to listen on; `0.0.0.0` for every interface.',
    takes: 'the name or number of an address',
  }),
  DATABASE_URL: z
    .string()
    .regex(/^file:[^?]+$/)
    .default('file:./data/curriculum.db')
    .meta({
      description: 'Where the SQLite file is: `file:` and a path.',
      takes: '"file:" and a path without a query, such as file:./data/curriculum.db',
    }),
  CONTENT: z.string().default('./seed').meta({
    description: 'Folder of tracks that is loaded at the start where it differs from what was loaded.',
    takes: 'the path of a folder',
  }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .refine(url => !/[?#]/.test(url))
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .meta({
      description: 'Address that clients reach the service at, where it is not `http://HOST:PORT`.',
      takes: 'an address that begins with https:// or http:// and has no ? or # in it',
    }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').meta({
    description: 'How much is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
    takes: 'one of fatal, error, warn, info, debug, trace and silent',
  }),
  TRUST_PROXY: z
    .string()
    .refine(list => list.split(',').every(isNetwork))
    .optional()
    .meta({
      description:
        'Addresses or networks of proxies whose `X-Forwarded-For` counts, separated by commas, such as `127.0.0.1`.',
      takes: 'addresses or networks separated by commas, such as 127.0.0.1,10.0.0.0/8',
    }),
  RATE_LIMIT_PER_MINUTE: wholeNumber(1_000_000_000).default(1000).meta({
    description: 'Requests a client (an address) may make a minute; 0 is no limit.',
    takes: 'a whole number, 0 for no limit',
  }),
  DRAIN_SECONDS: wholeNumber(3_600).optional().meta({
    description:
      'Seconds after `SIGTERM` in which `/readyz` answers 503 and requests are still answered, before listening stops; 5 if not set, 0 on a terminal.',
    takes: 'a whole number of seconds from 0 to 3600',
  }),
  WORKERS: wholeNumber(64, 1).default(1).meta({
    description: 'Processes that answer requests, on one port and one database.',
    takes: 'a whole number from 1 to 64',
  }),
  CACHE_BYTES: wholeNumber(2 ** 40)
    .default(64 * 1024 * 1024)
    .meta({
      description: 'Memory for finished answers of each process, in bytes; 0 keeps none.',
      takes: 'a whole number of bytes, 0 for no cache',
    }),
  MEMORY_BYTES: wholeNumber(2 ** 40)
    .default(64 * 1024 * 1024)
    .meta({
      description: 'Memory for nouns and tracks as the database holds them, of each process, in bytes; 0 keeps none.',
      takes: 'a whole number of bytes, 0 to keep none',
    }),
  READ_ONLY: flag.default(false).meta({
    description: 'Whether nothing is written: no migration, no content, no requests that write: `1` or `0`.',
    takes: '1 or 0',
  }),
  ADMIN_KEY: z.string().min(32).optional().meta({
    description: 'A key of scope `admin`, beside those made by `keys create`: 32 characters or more.',
    takes: '32 characters or more',
  }),
  READ_ACCESS: z.enum(['public', 'key']).default('public').meta({
    description: 'Whether anybody reads (`public`) or who has a key (`key`).',
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
        'Addresses or networks beside the public internet that webhooks may be sent to, separated by commas, such as `10.0.0.0/8`.',
      takes: 'addresses or networks separated by commas, such as 10.0.0.0/8,127.0.0.1',
    }),
  CHANGES_RETENTION_DAYS: wholeNumber(36_500, 1).default(90).meta({
    description: 'Days for which every change can be followed; of older ones only the last of each thing stays.',
    takes: 'a whole number of days from 1',
  }),
  GRAPHIQL: flag
    .default(true)
    .meta({ description: 'Whether `/graphiql` is served: `true` or `false`.', takes: 'true or false' }),
})
export type Config = z.infer<typeof Config>

/** Returns the seconds of draining; 0 on a terminal, where no load balancer needs time to notice. */
export const drainSecondsOf = ({ DRAIN_SECONDS }: Pick<Config, 'DRAIN_SECONDS'>, onTerminal: boolean): number =>
  DRAIN_SECONDS ?? (onTerminal ? 0 : 5)

/** Returns true for an IP address or a network in CIDR notation. */
const isNetwork = (text: string): boolean => {
  const [address = '', bits, ...more] = text.trim().split('/')
  const most = { 4: 32, 6: 128 }[isIP(address)]
  if (most === undefined || more.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= most)
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
