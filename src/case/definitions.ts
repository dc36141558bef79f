import { z } from 'zod'
import { Line, Lines, LinkURI, Place, Time, Uri, Uuid } from './values.ts'

const defined = { identifier: Uuid, uri: Uri, title: Line }
const hierarchyCode = Line.meta({ description: 'Names it among its like.' })

export const Concept = z
  .strictObject({ ...defined, keywords: Line, hierarchyCode, description: Lines, lastChangeDateTime: Time })
  .meta({ id: 'CFConcept', description: 'A way of learning: by doing or by understanding.' })

export const Subject = z
  .strictObject({ ...defined, hierarchyCode, lastChangeDateTime: Time })
  .meta({ id: 'CFSubject', description: 'What a track is about.' })

export const ItemType = z
  .strictObject({ ...defined, description: Lines, hierarchyCode, lastChangeDateTime: Time })
  .meta({ id: 'CFItemType', description: 'What kind of thing an item is.' })

export const License = z
  .strictObject({ ...defined, licenseText: Lines, lastChangeDateTime: Time })
  .meta({ id: 'CFLicense', description: 'What may be done with a track.' })
export type License = z.infer<typeof License>

/** A set begins with what was asked for; whatever stands below it would follow. */
export const ConceptSet = z
  .strictObject({ CFConcepts: z.array(Concept).min(1) })
  .meta({ id: 'CFConceptSet', description: 'A concept.' })
export const SubjectSet = z
  .strictObject({ CFSubjects: z.array(Subject).min(1) })
  .meta({ id: 'CFSubjectSet', description: 'A subject.' })
export const ItemTypeSet = z
  .strictObject({ CFItemTypes: z.array(ItemType).min(1) })
  .meta({ id: 'CFItemTypeSet', description: 'An item type.' })

/** No associations are grouped: the address is there because the standard asks for it, and has nothing. */
export const AssociationGrouping = z
  .strictObject({ ...defined, lastChangeDateTime: Time })
  .meta({ id: 'CFAssociationGrouping', description: 'A group of associations; there is none here.' })

export const RubricCriterion = z
  .strictObject({
    identifier: Uuid,
    uri: Uri,
    description: Lines.meta({ description: 'What can be measured when the project is done.' }),
    CFItemURI: LinkURI.meta({ description: 'The project.' }),
    position: Place,
    rubricId: Uuid,
    lastChangeDateTime: Time,
  })
  .meta({ id: 'CFRubricCriterion', description: 'One thing that is looked at.' })

export const Rubric = z
  .strictObject({
    identifier: Uuid,
    uri: Uri,
    title: Line,
    description: Lines,
    lastChangeDateTime: Time,
    CFRubricCriteria: z.array(RubricCriterion),
  })
  .meta({ id: 'CFRubric', description: 'How a project is accepted.' })
export type Rubric = z.infer<typeof Rubric>
