import { z } from 'zod'
import { type Answer, schemas } from './curriculum.ts'
import { Slug, TrackSlug } from './keys.ts'
import type { Noun } from './vocabulary.ts'

type Shape<N extends Noun> = (typeof schemas)[N]['shape']
type ReadonlyName<N extends Noun> = {
  [K in keyof Shape<N>]: Shape<N>[K] extends z.ZodReadonly ? K : never
}[keyof Shape<N>]
type Drafts = { [N in Noun]: { slug: string } & Omit<Answer<N>, ReadonlyName<N>> }

/** What is written of a noun: all but what the server says, under its slug. References are keys. */
export type Draft<N extends Noun = Noun> = Drafts[N]

/** The schemas of the fields of a noun that are written, by name. */
export const writtenShape = (noun: Noun): Record<string, z.ZodType> =>
  Object.fromEntries(Object.entries(schemas[noun].shape).filter(([, field]) => !(field instanceof z.ZodReadonly)))

/** What is written of a noun, as a schema. Fields left out get their default. */
export const draftSchema = <N extends Noun>(noun: N): z.ZodType<Draft<N>> =>
  z.strictObject({ slug: noun === 'track' ? TrackSlug : Slug, ...writtenShape(noun) }) as unknown as z.ZodType<Draft<N>> // the filter above is Draft's, which TypeScript cannot follow
