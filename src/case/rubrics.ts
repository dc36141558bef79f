import type { Answer } from '../model/curriculum.ts'
import { identify, type Site, uriOf } from './addresses.ts'
import type { Rubric } from './definitions.ts'
import type { Framework } from './framework.ts'
import { line, linkTo } from './vocabulary.ts'

/** How a project is accepted. */
export interface Acceptance {
  id: string
  project: Answer<'project'>
}

export const rubricsOf = ({ served }: Framework): Acceptance[] =>
  served.projects
    .filter(({ acceptance }) => acceptance.length > 0)
    .map(project => ({ id: identify(`${project.id} rubric`), project }))

/** A criterion is known by its place, and has no address but its rubric's. */
export const rubricAnswer = (site: Site, { id, project }: Acceptance): Rubric => {
  const uri = uriOf(site, 'CFRubrics', id)
  const lastChangeDateTime = project.updatedAt
  return {
    identifier: id,
    uri,
    title: line(project.title),
    description: 'What can be measured when the project is done.',
    lastChangeDateTime,
    CFRubricCriteria: project.acceptance.map((description, index) => {
      const identifier = identify(`${project.id} rubric criterion ${index + 1}`)
      return {
        identifier,
        uri: `${uri}#${identifier}`,
        description,
        CFItemURI: linkTo(site, 'CFItems', project.id, project.title),
        position: index + 1,
        rubricId: id,
        lastChangeDateTime,
      }
    }),
  }
}
