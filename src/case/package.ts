import { setImmediate as turn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { glue, type Piece, type Pieces, pieceOf, separated } from '../http/json-fragments.ts'
import type { Site } from './addresses.ts'
import { associationAnswer, isKnown } from './associations.ts'
import { packageDocument } from './documents.ts'
import { inVersion } from './downgrade.ts'
import type { Framework } from './framework.ts'
import { itemAnswer } from './items.ts'
import { rubricAnswer, rubricsOf } from './rubrics.ts'
import { concept, itemNouns, itemType, kinds, license, subject } from './vocabulary.ts'

/** In bytes: two versions of a track of ten thousand skills, which the cache of finished answers may have no room for. */
const most = 96 * 1024 * 1024

/** Packages as JSON, each written once for as long as its framework is what it was. */
export const packages = () => {
  const kept = new LRUCache<string, { framework: Framework; pieces: Pieces }>({
    maxSize: most,
    sizeCalculation: ({ pieces }) => pieces.reduce((sum, { bytes }) => sum + bytes.length, 0),
  })
  return async (site: Site, framework: Framework): Promise<Pieces> => {
    const name = `${site.version} ${framework.document.id}`
    const known = kept.get(name)
    if (known?.framework === framework) return known.pieces
    const pieces = await packageAnswer(site, framework)
    kept.set(name, { framework, pieces })
    return pieces
  }
}
export type Packages = ReturnType<typeof packages>

/** The whole track, written some hundred objects at a time: other requests have their turn between them. */
const packageAnswer = async (site: Site, framework: Framework): Promise<Pieces> => {
  const { served, document, items, edges, changedAt } = framework
  const text = (value: unknown): Piece => glue(JSON.stringify(inVersion(site, value)))
  const own = [...edges.values()].filter(edge => edge.owner === document && isKnown(site, edge))
  const rubrics = rubricsOf(framework).map(acceptance => rubricAnswer(site, acceptance))
  return [
    glue('{"CFDocument":'),
    text(packageDocument(site, served.track, changedAt)),
    glue(',"CFItems":['),
    ...(await inTurns([...items.values()], item => inVersion(site, itemAnswer(site, item)))),
    glue('],"CFAssociations":['),
    ...(await inTurns(own, edge => inVersion(site, associationAnswer(site, edge)))),
    glue('],"CFDefinitions":'),
    text(definitionsOf(site, framework)),
    ...(rubrics.length === 0 ? [] : [glue(',"CFRubrics":'), text(rubrics)]),
    glue('}'),
  ]
}

const atOnce = 500

const inTurns = async <T>(list: readonly T[], shown: (one: T) => object): Promise<Piece[]> => {
  const pieces: Piece[] = []
  for (let from = 0; from < list.length; from += atOnce) {
    if (from > 0) await turn()
    const part = list.slice(from, from + atOnce).map(shown)
    pieces.push(pieceOf(JSON.stringify(part).slice(1, -1)))
  }
  return separated(pieces)
}

/** What the items and the document of this package link to. */
const definitionsOf = (site: Site, { served: { track, skills }, items }: Framework) => {
  const nouns = new Set([...items.values()].map(({ noun }) => noun))
  return {
    CFConcepts: kinds.filter(kind => skills.some(skill => skill.kind === kind)).map(kind => concept(site, kind)),
    CFSubjects: [subject(site, track)],
    CFLicenses: track.license === null ? [] : [license(site, track.license)],
    CFItemTypes: itemNouns.filter(noun => nouns.has(noun)).map(noun => itemType(site, noun)),
  }
}
