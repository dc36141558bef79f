import { z } from 'zod'
import { Day, Extensions, Int32, Line, Lines, LinkGenURI, LinkURI, Time, Uri, Uuid } from './values.ts'

const defined = { identifier: Uuid, uri: Uri, title: Line }
const hierarchyCode = Line.meta({ description: 'A code that is unique among objects of this type.' })

export const Concept = z
  .strictObject({ ...defined, keywords: Line, hierarchyCode, description: Lines, lastChangeDateTime: Time })
  .meta({ id: 'CFConcept', description: 'A way of learning: by doing or by understanding.' })

export const Subject = z
  .strictObject({ ...defined, hierarchyCode, lastChangeDateTime: Time })
  .meta({ id: 'CFSubject', description: 'The subject of a track.' })

export const ItemType = z
  .strictObject({ ...defined, description: Lines, hierarchyCode, lastChangeDateTime: Time })
  .meta({ id: 'CFItemType', description: 'The type of an item: category, skill, principle or project.' })

export const License = z
  .strictObject({ ...defined, licenseText: Lines, lastChangeDateTime: Time })
  .meta({ id: 'CFLicense', description: 'The license of a track.' })
export type License = z.infer<typeof License>

/** A set begins with the requested object, followed by its descendants. */
export const ConceptSet = z
  .strictObject({ CFConcepts: z.array(Concept).min(1) })
  .meta({ id: 'CFConceptSet', description: 'The requested concept.' })
export const SubjectSet = z
  .strictObject({ CFSubjects: z.array(Subject).min(1) })
  .meta({ id: 'CFSubjectSet', description: 'The requested subject.' })
export const ItemTypeSet = z
  .strictObject({ CFItemTypes: z.array(ItemType).min(1) })
  .meta({ id: 'CFItemTypeSet', description: 'The requested item type.' })

/** Associations are not grouped; the endpoint exists because the standard requires it, and always answers 404. */
export const AssociationGrouping = z
  .strictObject({ ...defined, lastChangeDateTime: Time })
  .meta({ id: 'CFAssociationGrouping', description: 'A group of associations. This service has none.' })

export const RubricCriterion = z
  .strictObject({
    identifier: Uuid,
    uri: Uri,
    description: Lines.meta({ description: 'A result of the project that can be measured.' }),
    CFItemURI: LinkURI.meta({ description: 'The project.' }),
    position: Int32,
    rubricId: Uuid,
    lastChangeDateTime: Time,
  })
  .meta({ id: 'CFRubricCriterion', description: 'A criterion by which a project is assessed.' })

export const Rubric = z
  .strictObject({
    identifier: Uuid,
    uri: Uri,
    title: Line,
    description: Lines,
    lastChangeDateTime: Time,
    CFRubricCriteria: z.array(RubricCriterion),
  })
  .meta({ id: 'CFRubric', description: 'The criteria by which a project is assessed.' })
export type Rubric = z.infer<typeof Rubric>

/** The objects of CASE 1.1 in our responses; those of 1.0 are derived from them (versions.ts). */
export const PackageDocument = z
  .strictObject({
    identifier: Uuid.meta({ description: 'The id of the track, or the UUID in its `externalId`.' }),
    uri: Uri,
    frameworkType: z.literal('Skills'),
    caseVersion: z.literal('1.1'),
    creator: Line.meta({ description: 'The publisher.' }),
    title: Line.meta({ description: 'The title of the track.' }),
    lastChangeDateTime: Time.meta({ description: 'The time of the last change to anything in the package.' }),
    officialSourceURL: Uri.meta({ description: 'The web page of the track.' }),
    description: Lines.optional(),
    subject: z.array(Line),
    subjectURI: z.array(LinkURI),
    language: Line.meta({ description: 'The language of its texts (BCP 47).' }),
    version: Line.optional(),
    adoptionStatus: z.literal('Adopted'),
    licenseURI: LinkURI.optional(),
    notes: Lines.optional(),
    extensions: Extensions,
  })
  .meta({ id: 'CFPckgDocument', description: 'A track, in its package.' })

export const CFDocument = PackageDocument.extend({
  CFPackageURI: LinkURI.meta({ description: 'The whole track.' }),
}).meta({ id: 'CFDocument', description: 'A track.' })
export type CFDocument = z.infer<typeof CFDocument>

export const PackageItem = z
  .strictObject({
    identifier: Uuid.meta({ description: 'The id of the item in REST and GraphQL, or the UUID in its `externalId`.' }),
    fullStatement: Lines.meta({ description: 'The description of the item.' }),
    CFItemType: Line.meta({ description: 'Category, Skill, Principle or Project.' }),
    uri: Uri,
    humanCodingScheme: Line.meta({ description: 'The code of a skill; its slug if it has none.' }),
    abbreviatedStatement: Line.meta({ description: 'Its title.' }),
    conceptKeywords: z
      .array(Line)
      .optional()
      .meta({ description: 'Its tier, followed by its terms, modules and commands.' }),
    conceptKeywordsURI: LinkURI.optional().meta({ description: 'The way of learning: practical or theoretical.' }),
    notes: Lines.optional().meta({ description: 'The outcomes for the learner and further notes, as Markdown.' }),
    educationLevel: z.array(Line).optional().meta({ description: 'Its tier: beginner, intermediate or senior.' }),
    CFItemTypeURI: LinkURI,
    statusEndDate: Day.optional().meta({ description: 'The day of its removal.' }),
    lastChangeDateTime: Time,
    extensions: Extensions,
  })
  .meta({ id: 'CFPckgItem', description: 'A category, skill, principle or project, in its package.' })
export type PackageItem = z.infer<typeof PackageItem>

export const CFItem = PackageItem.extend({ CFDocumentURI: LinkURI }).meta({
  id: 'CFItem',
  description: 'A category, skill, principle or project.',
})

const associationTypes = [
  'isChildOf',
  'exactMatchOf',
  'precedes',
  'isRelatedTo',
  'replacedBy',
  'exemplar',
  'isTranslationOf',
] as const
export type AssociationType = (typeof associationTypes)[number]

export const PackageAssociation = z
  .strictObject({
    identifier: Uuid,
    associationType: z.enum(associationTypes).meta({ description: 'The relation of the origin to the destination.' }),
    sequenceNumber: Int32.optional().meta({ description: 'Its place among the children of the destination.' }),
    uri: Uri,
    originNodeURI: LinkGenURI,
    destinationNodeURI: LinkGenURI,
    lastChangeDateTime: Time.meta({ description: 'The time of the last change to either end.' }),
  })
  .meta({
    id: 'CFPckgAssociation',
    description: 'The relation between two items, or between an item and another object.',
  })
export type PackageAssociation = z.infer<typeof PackageAssociation>

export const CFAssociation = PackageAssociation.extend({ CFDocumentURI: LinkURI }).meta({
  id: 'CFAssociation',
  description: 'An association, and the document it belongs to.',
})

export const AssociationSet = z
  .strictObject({ CFItem, CFAssociations: z.array(PackageAssociation).min(1) })
  .meta({ id: 'CFAssociationSet', description: 'An item with all its associations.' })

export const DocumentSet = z
  .strictObject({ CFDocuments: z.array(CFDocument) })
  .meta({ id: 'CFDocumentSet', description: 'A page of the list of documents.' })

const Definitions = z
  .strictObject({
    CFConcepts: z.array(Concept),
    CFSubjects: z.array(Subject),
    CFLicenses: z.array(License),
    CFItemTypes: z.array(ItemType),
  })
  .meta({ id: 'CFDefinition', description: 'The definitions that the items of a package refer to.' })

export const CFPackage = z
  .strictObject({
    CFDocument: PackageDocument,
    CFItems: z.array(PackageItem),
    CFAssociations: z.array(PackageAssociation),
    CFDefinitions: Definitions,
    CFRubrics: z.array(Rubric).optional(),
  })
  .meta({ id: 'CFPackage', description: 'A whole track.' })
