import type { FastifyInstance, LightMyRequestResponse } from 'fastify'
import { z } from 'zod'

/** Where the tests' service says it is. */
export const origin = 'https://curriculum.example'

const Link = z.strictObject({ title: z.string().min(1), identifier: z.string().min(1), uri: z.url() })
const End = Link.extend({ targetType: z.string().optional() })
const Named = z.looseObject({ identifier: z.uuid(), uri: z.url(), lastChangeDateTime: z.iso.datetime() })

/** What a client of CASE needs of a package, as the standard describes it: nothing but words of the standard. */
export const Package = z.strictObject({
  CFDocument: Named.extend({ title: z.string(), creator: z.string() }),
  CFItems: z.array(
    Named.extend({
      fullStatement: z.string().min(1),
      abbreviatedStatement: z.string(),
      humanCodingScheme: z.string(),
      CFItemType: z.string(),
      CFItemTypeURI: Link,
      conceptKeywords: z.array(z.string().min(1)).optional(),
      educationLevel: z.array(z.string()).optional(),
      conceptKeywordsURI: Link.optional(),
      statusEndDate: z.iso.date().optional(),
    }),
  ),
  CFAssociations: z.array(
    Named.extend({
      associationType: z.string(),
      sequenceNumber: z.int().optional(),
      originNodeURI: End,
      destinationNodeURI: End,
    }),
  ),
  CFDefinitions: z.strictObject({
    CFConcepts: z.array(Named),
    CFSubjects: z.array(Named),
    CFLicenses: z.array(Named),
    CFItemTypes: z.array(Named),
  }),
  CFRubrics: z.array(Named.extend({ CFRubricCriteria: z.array(Named.extend({ CFItemURI: Link })) })).optional(),
})
export type Package = z.infer<typeof Package>

export type Body = Record<string, unknown>

/** Asks below the prefix. */
export const asking =
  (app: FastifyInstance, version = 'v1p1') =>
  (path: string): Promise<LightMyRequestResponse> =>
    app.inject(`/ims/case/${version}${path}`)

/** The package of a track by its key. */
export const packageOf = async (app: FastifyInstance, track: string, version = 'v1p1'): Promise<Package> => {
  const { id } = (await app.inject(`/v1/tracks/${track}`)).json<{ id: string }>()
  return Package.parse((await asking(app, version)(`/CFPackages/${id}`)).json())
}

/** The associations of a package in words: who is what to whom, by title. */
export const told = ({ CFAssociations }: Package): string[] =>
  CFAssociations.map(
    ({ associationType, originNodeURI, destinationNodeURI }) =>
      `${originNodeURI.title} ${associationType} ${destinationNodeURI.title}`,
  )

/** What a problem says, and what is wrong. */
export const refusal = (response: LightMyRequestResponse) => {
  const body = response.json<{
    imsx_codeMajor: string
    imsx_severity: string
    imsx_description: string
    imsx_codeMinor?: { imsx_codeMinorField: { imsx_codeMinorFieldName: string; imsx_codeMinorFieldValue: string }[] }
  }>()
  const [field] = body.imsx_codeMinor?.imsx_codeMinorField ?? []
  return {
    status: response.statusCode,
    major: body.imsx_codeMajor,
    severity: body.imsx_severity,
    description: body.imsx_description,
    field: field?.imsx_codeMinorFieldName,
    value: field?.imsx_codeMinorFieldValue,
  }
}
