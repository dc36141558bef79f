import { z } from 'zod'
import { caseUuidPattern } from '../model/identity.ts'

/** Value types of CASE. An optional field without a value is omitted: the standard has no null. */
export const Uuid = z.string().regex(caseUuidPattern).meta({ description: 'A UUID in lower case that never changes.' })

export const Uri = z.url().meta({ description: 'An absolute address.' })

export const Time = z.iso
  .datetime({ offset: true })
  .meta({ description: 'The time of the last change to this object (RFC 3339).' })

export const Day = z.iso.date()

/** A text without line breaks (NormalizedString). */
export const Line = z.string().min(1)

/** A text that may have several lines. */
export const Lines = z.string().min(1)

export const Int32 = z
  .int()
  .min(-(2 ** 31))
  .max(2 ** 31 - 1)

export const LinkURI = z
  .strictObject({
    title: Line.meta({ description: 'The title of the linked object.' }),
    identifier: Uuid,
    uri: Uri.meta({ description: 'The URI of the linked object.' }),
  })
  .meta({ id: 'LinkURI', description: 'A link to something that has an address below the same prefix.' })
export type LinkURI = z.infer<typeof LinkURI>

export const LinkGenURI = z
  .strictObject({
    title: Line.meta({ description: 'The title of the linked object.' }),
    identifier: z
      .string()
      .min(1)
      .meta({ description: 'The identifier of the linked object: of an item or document its UUID.' }),
    uri: Uri.meta({ description: 'The URI of the linked object, in this service or elsewhere.' }),
    targetType: z
      .union([z.literal('CASE'), z.string().regex(/^ext:[a-zA-Z0-9.\-_]+$/)])
      .optional()
      .meta({ description: 'The type of a linked object that CASE does not define, such as `ext:resource`.' }),
  })
  .meta({ id: 'LinkGenURI', description: 'One end of an association.' })
export type LinkGenURI = z.infer<typeof LinkGenURI>

/** Fields of the curriculum that CASE does not have. */
export const Extensions = z
  .strictObject({
    key: Line.meta({ description: 'The qualified key, such as `python.skill.decorators`.' }),
    optional: z.literal(true).optional().meta({ description: 'True if a learner may skip it.' }),
  })
  .meta({ id: 'Extensions', description: 'Fields of the curriculum that CASE does not define.' })
