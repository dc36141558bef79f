import { isIP } from 'node:net'
import { z } from 'zod'
import { mustBeWholeNumber, parseOrExplain } from './query/explain.ts'

export const wholeNumber = (most: number, least = 0, unit = '') =>
  z.coerce
    .number(mustBeWholeNumber(least, most, unit))
    .int()
    .min(least)
    .max(most)

const networksRule = 'must be IP addresses or networks separated by commas, such as 127.0.0.1,10.0.0.0/8'

/** A list separated by commas. */
const commaList = z.string().transform(list =>
  list
    .split(',')
    .map(one => one.trim())
    .filter(one => one !== ''),
)

const webUrl = z.url({ protocol: /^https?$/, error: 'must begin with https:// or http://' })

const flag = z.stringbool({ truthy: ['1', 'true', 'yes'], falsy: ['0', 'false', 'no'] })

/** The environment variables, parsed once. */
export const Config = z.object({
  PORT: wholeNumber(65_535).default(3000).meta({
    description: 'The TCP port to listen on; with 0 the system chooses a free port.',
  }),
  HOST: z.string().default('localhost').meta({
    description: 'The host name or IP address to listen on; `0.0.0.0` for every interface.',
  }),
  DATABASE_URL: z
    .string()
    .regex(/^file:[^?]+$/, 'must be "file:" and a path without a query, such as file:./data/curriculum.db')
    .default('file:./data/curriculum.db')
    .meta({
      description: 'The SQLite database file: `file:` and a path.',
    }),
  PRIMARY_URL: z
    .url({ protocol: /^(libsql|wss?)$/, error: 'must begin with libsql://, wss:// or ws://' })
    .optional()
    .meta({
      description:
        'The libSQL server that takes the writes of several nodes, such as `libsql://curriculum.example`. `DATABASE_URL` is then the file of the replica beside this node: [several machines](scaling.md).',
    }),
  PRIMARY_TOKEN_FILE: z.string().optional().meta({
    description: 'A file with the token for the libSQL servers; read again for each connection.',
  }),
  REPLICA_URL: z
    .url({ protocol: /^https?$/, error: 'must begin with http:// or https://' })
    .optional()
    .meta({
      description: 'The replica beside this node, which is asked every second to follow the primary.',
    }),
  WRITE_TIMEOUT_MS: wholeNumber(600_000, 100, 'milliseconds').default(5_000).meta({
    description: 'Milliseconds after which a write is rejected with 503 if the primary does not answer.',
  }),
  CONTENT: z.string().default('./seed').meta({
    description:
      'The folder of tracks, also for commands that name none. At the start, tracks whose files have changed since the last load are loaded.',
  }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/, error: 'must begin with https:// or http:// and have no ? or #' })
    .refine(url => !/[?#]/.test(url))
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .meta({
      description: 'The URL of the service for clients, if it is not `http://HOST:PORT`.',
    }),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info').meta({
    description: 'The lowest level that is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.',
  }),
  TRUST_PROXY: z
    .string()
    .refine(list => list.split(',').every(isNetwork), networksRule)
    .optional()
    .meta({
      description:
        'IP addresses or networks of the proxies whose `X-Forwarded-For` header is trusted, separated by commas, such as `127.0.0.1`.',
    }),
  RATE_LIMIT_PER_MINUTE: wholeNumber(1_000_000_000).default(1000).meta({
    description: 'The number of requests that a client (an IP address) may send per minute; 0 for no limit.',
  }),
  DRAIN_SECONDS: wholeNumber(3_600, 0, 'seconds').optional().meta({
    description:
      'Seconds between `SIGTERM` and the end of listening. Meanwhile `/readyz` answers 503, and requests are still answered. Default: 5, or 0 in a terminal.',
  }),
  WORKERS: wholeNumber(64, 1).default(1).meta({
    description: 'The number of processes that answer requests, on one port and one database.',
  }),
  CACHE_BYTES: wholeNumber(2 ** 40, 0, 'bytes')
    .default(64 * 1024 * 1024)
    .meta({
      description: 'The memory of the response cache, in bytes per process; 0 turns it off.',
    }),
  MEMORY_BYTES: wholeNumber(2 ** 40, 0, 'bytes')
    .default(64 * 1024 * 1024)
    .meta({
      description: 'The memory for pages of the database file, in bytes per process.',
    }),
  READ_ONLY: flag.default(false).meta({
    description: '`1` to write nothing to the database: no migrations, no loading of content, no write requests.',
  }),
  ADMIN_KEY: z.string().min(32).optional().meta({
    description: 'An API key of scope `admin`, in addition to those made by `keys create`: 32 characters or more.',
  }),
  READ_ACCESS: z.enum(['public', 'key']).default('public').meta({
    description: '`public` if reading needs no API key, `key` if it needs one.',
  }),
  WEBHOOK_NETWORKS: commaList
    .refine(list => list.every(isNetwork), networksRule)
    .default([])
    .meta({
      description:
        'IP addresses or networks outside the public internet that webhooks may be sent to, separated by commas, such as `10.0.0.0/8`.',
    }),
  CHANGES_RETENTION_DAYS: wholeNumber(36_500, 1, 'days').default(90).meta({
    description:
      'Days for which all changes stay in the change feed. Of older changes, only the last one of each item stays.',
  }),
  GRAPHIQL: flag.default(true).meta({ description: '`true` to serve `/graphiql`, a GraphQL editor.' }),
  SITE_NAME: z.string().trim().min(1).max(60).default('Curriculum').meta({
    description: 'The name of the site, in titles, headers and link previews.',
  }),
  SITE_URL: webUrl.optional().meta({
    description: 'The URL that the name or logo in the header leads to; without it, the home page.',
  }),
  SITE_LOGO: z.string().optional().meta({
    description:
      'The logo in the header, instead of the name: the path of a PNG, SVG, WebP or JPEG file of at most 512 KiB, or an `https://` URL.',
  }),
  SITE_ACCENT: z.string().optional().meta({
    description:
      'The color of links and buttons: a CSS color with a contrast of at least 4.5 on the light ground of the pages. The color of the dark scheme is derived from it.',
  }),
  SITE_EDIT_URL: webUrl
    .refine(
      pattern => !hasUnknownPlaceholder(pattern),
      'may contain no other placeholders than {track}, {noun}, {slug} and {path}',
    )
    .optional()
    .meta({
      description:
        'The URL at which a reader can suggest a change of an item. `{track}`, `{noun}` and `{slug}` are replaced by those of the item, `{path}` by its file in `CONTENT`.',
    }),
  EMBED_ORIGINS: commaList
    .refine(
      list => list.every(isOrigin) || (list.length === 1 && list[0] === '*'),
      'must be origins separated by commas, such as https://bootcamp.example, or * for any',
    )
    .transform(list => list.map(one => (one === '*' ? one : new URL(one).origin)))
    .default([])
    .meta({
      description:
        'The origins whose pages may show pages with `?embed=1` in a frame, separated by commas, such as `https://bootcamp.example`; `*` for any.',
    }),
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

/** Returns true for an origin (RFC 6454), also with a slash at its end. */
const isOrigin = (text: string): boolean => {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.href === `${url.origin}/` && !url.hostname.includes('*')
}

const hasUnknownPlaceholder = (pattern: string): boolean =>
  /[{}]/.test(pattern.replaceAll(/\{(track|noun|slug|path)\}/g, ''))

/** Thrown for an invalid environment. The message names each invalid variable, never its value. */
export class BadConfig extends Error {}

export const readConfig = (environment: Environment): Config => parseEnvironment(Config, environment)

export type Environment = Record<string, string | undefined>

/** Parses variables of the environment. An empty one counts as not set, since container tools pass unset variables as empty. */
export const parseEnvironment = <S extends z.ZodObject>(schema: S, environment: Environment): z.infer<S> => {
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''))
  const { data, explanations } = parseOrExplain(schema, set, { subject: ([name]) => String(name) })
  if (explanations === undefined) return data
  throw new BadConfig(`${explanations.map(({ message }) => message).join('; ')}.`)
}
