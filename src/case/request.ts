import type { z } from 'zod'
import type { Catalog } from '../catalog.ts'
import type { Pieces } from '../http/json-fragments.ts'
import type { Site } from './addresses.ts'
import { inVersion } from './downgrade.ts'
import type { Frameworks } from './frameworks.ts'
import type { Packages } from './package.ts'

/** What an address is answered from. */
export interface Asked {
  catalog: Catalog
  frameworks: Frameworks
  packageOf: Packages
  site: Site
  id: string
}

export type Body = string | Pieces

/** One thing that is asked for by its identifier: the route and its description both come from this. */
export interface Endpoint {
  /** `{sourcedId}` follows. */
  collection: string
  operationId: string
  /** What there is one of. */
  what: string
  schema: z.ZodType
  /** JSON; undefined where there is no such thing. */
  answer(asked: Asked): Promise<Body | undefined>
}

/** An answer in the version asked for. */
export const json = ({ site }: Pick<Asked, 'site'>, answer: object): string => JSON.stringify(inVersion(site, answer))
