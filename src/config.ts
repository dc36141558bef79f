import { z } from 'zod'

const flag = z.stringbool({ truthy: ['1', 'true', 'yes'], falsy: ['0', 'false', 'no', ''] })

/** The environment, parsed once; nobody else reads it. */
export const Config = z.object({
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(3000)
    .meta({ description: 'TCP port to listen on; 0 takes a free one.' }),
  HOST: z
    .string()
    .min(1)
    .default('localhost')
    .meta({ description: 'Address to listen on; `0.0.0.0` for every interface.' }),
  DATABASE_URL: z
    .string()
    .regex(/^file:.+/, 'begins with file:, as in file:./data/curriculum.db')
    .default('file:./data/curriculum.db')
    .meta({ description: 'Where the SQLite file is: `file:` and a path.' }),
  CONTENT: z
    .string()
    .min(1)
    .default('./seed')
    .meta({ description: 'Folder of tracks that is loaded at the start where it differs from what was loaded.' }),
  PUBLIC_URL: z
    .url({ protocol: /^https?$/ })
    .transform(url => url.replace(/\/+$/, ''))
    .optional()
    .meta({ description: 'Address that clients reach the service at, where it is not `http://HOST:PORT`.' }),
  LOG_LEVEL: z
    .enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'])
    .default('info')
    .meta({ description: 'How much is logged: `fatal`, `error`, `warn`, `info`, `debug`, `trace` or `silent`.' }),
  TRUST_PROXY: z.string().min(1).optional().meta({
    description:
      'Addresses or networks of proxies whose `X-Forwarded-For` counts, separated by commas, such as `127.0.0.1`.',
  }),
  RATE_LIMIT_PER_MINUTE: z.coerce
    .number()
    .int()
    .min(0)
    .default(1000)
    .meta({ description: 'Requests a client (an address) may make a minute; 0 is no limit.' }),
  CACHE_BYTES: z.coerce
    .number()
    .int()
    .min(0)
    .default(64 * 1024 * 1024)
    .meta({ description: 'Memory for finished answers, in bytes; 0 keeps none.' }),
  GRAPHIQL: flag.default(true).meta({ description: 'Whether `/graphiql` is served.' }),
})
export type Config = z.infer<typeof Config>

/** One sentence that names each variable that is not as it should be, never what it holds. */
export class BadConfig extends Error {}

export const readConfig = (environment: Record<string, string | undefined>): Config => {
  const result = Config.safeParse(environment)
  if (result.success) return result.data
  const wrong = result.error.issues.map(issue => `${issue.path.join('.')} is not as it should be (${plainly(issue)})`)
  throw new BadConfig(`${wrong.join('; ')}. The README lists what each variable takes.`)
}

/** Some of zod's messages repeat what was given; a secret in the wrong variable must not end up in a log. */
const plainly = (issue: z.core.$ZodIssue): string =>
  issue.code === 'custom' ||
  issue.code === 'invalid_format' ||
  issue.code === 'invalid_value' ||
  issue.code === 'too_big' ||
  issue.code === 'too_small'
    ? issue.message
    : 'not of the kind it takes'
