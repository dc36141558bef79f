import { checkDocument } from '../model/check-document.ts'
import { connectedComponents, required } from '../model/graph.ts'
import { trackOf } from '../model/keys.ts'
import { type Asked, type LookUp, lookedUp, noting } from './external-references.ts'
import { concurrently } from './folder.ts'
import { type Content, judged, trackFolders } from './read.ts'
import { buildTrack, type Track } from './track.ts'
import { readTrackFiles } from './track-files.ts'
import { introduce, neighboursOf, outsideOf } from './track-references.ts'

/** Tracks that have to be looked at together, and what is said of their files. */
export interface Turn extends Content {
  /** All of them, those with mistakes too. */
  slugs: string[]
  /** The tracks of the folder, without these, that they refer to. */
  needs: ReadonlySet<string>
}

/**
 * Reads a folder of tracks with no more of them in memory than refer to each other: first those that refer to no other, one
 * by one; then the others, each after those it refers to. Their files are read a second time, since only then it is known to what.
 */
export async function* readInTurn(folder: string, lookUp: LookUp): AsyncGenerator<Turn> {
  const neighbours = neighboursOf([])
  const waiting = new Map<string, { folder: string; asked: Asked; linked: Asked }>()
  for (const one of await trackFolders(folder)) {
    const track = await readTrack(one)
    introduce(neighbours, track)
    const { asked, outside } = noting()
    const checked = checkDocument(track.document, outside)
    const linked = linkedBy(track)
    if (asked.size > 0 || linked.size > 0) waiting.set(track.slug, { folder: one, asked, linked })
    else yield { slugs: [track.slug], needs: new Set(), ...judged([{ track, ...checked }], neighbours, outside) }
  }
  const needs = new Map([...waiting].map(([slug, { asked }]) => [slug, ownersOf(asked, neighbours.keys)]))
  const known = (slugs: readonly string[]) => slugs.filter(slug => waiting.has(slug))
  for (const slugs of connectedComponents(new Map([...needs].map(([slug, owners]) => [slug, known(owners)])))) {
    const group = [...waiting].filter(([slug]) => slugs.includes(slug)).map(([, one]) => one)
    const tracks = await concurrently(group, 4, one => readTrack(one.folder))
    const outside = outsideOf(
      neighbours,
      await lookedUp(allOf(group.flatMap(({ asked, linked }) => [asked, linked])), lookUp),
    )
    const checked = tracks.map(track => ({ track, ...checkDocument(track.document, outside) }))
    const others = slugs.flatMap(slug => required(needs, slug)).filter(slug => !slugs.includes(slug))
    yield { slugs: tracks.map(({ slug }) => slug), needs: new Set(others), ...judged(checked, neighbours, outside) }
  }
}

const readTrack = async (folder: string): Promise<Track> => buildTrack(await readTrackFiles(folder))

/** The skills of other tracks that links lead to. Such a track may be loaded after the link: a link is no reference. */
const linkedBy = ({ links }: Track): Asked =>
  links.length === 0 ? new Map() : new Map([['skill', new Set(links.map(({ key }) => key))]])

/** The tracks that keys belong to, under the names these have now. */
const ownersOf = (asked: Asked, keys: ReadonlyMap<string, string>): string[] => {
  const owners = [...asked.values()].flatMap(names => [...names].map(trackOf))
  return [...new Set(owners.map(owner => keys.get(`track ${owner}`) ?? owner))]
}

const allOf = (asked: readonly Asked[]): Asked => {
  const all = asked.flatMap(one => [...one].flatMap(([noun, keys]) => [...keys].map(key => ({ noun, key }))))
  const byNoun = Map.groupBy(all, ({ noun }) => noun)
  return new Map([...byNoun].map(([noun, some]) => [noun, new Set(some.map(({ key }) => key))]))
}
