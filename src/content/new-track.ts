import { existsSync } from 'node:fs'
import { mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import { TrackSlug } from '../model/keys.ts'
import { Title } from '../model/text.ts'
import { brokenRule } from '../query/explain.ts'
import { checkSlug, refuse } from './edit-track.ts'
import { fileKindOf, trackSlug } from './file-names.ts'
import { isTrack, listFiles, trackFolders } from './folder.ts'
import { schemaLine } from './schema-line.ts'
import { writeFiles } from './write-files.ts'
import { formatField } from './yaml/format-value.ts'
import { parseYaml } from './yaml/yaml-file.ts'

/** A new track, as the command line gives it. */
export interface NewTrack {
  slug?: string | undefined
  title?: string | undefined
}

/**
 * Writes a small complete track into a folder of tracks, for an author to replace its texts. Returns the paths of the
 * written files. The folder of the track appears at once with all its files, because a service may watch the folder.
 */
export const createTrack = async (folder: string, track: NewTrack): Promise<string[]> => {
  const { slug = '', title = '' } = track
  const [broken, brokenTitle] = [checkSlug(TrackSlug, track), brokenRule(Title, track.title)]
  const mistakes = [
    ...broken,
    ...(brokenTitle === undefined ? [] : [`--title ${brokenTitle}`]),
    ...(broken.length > 0 ? [] : await checkPlace(folder, slug)),
  ]
  if (mistakes.length > 0) return refuse(mistakes)
  const target = join(folder, slug)
  // Hidden, so that nothing reads it.
  const temporary = join(folder, `.${slug}.new`)
  const paths = await listFiles(starterTrack)
  try {
    await mkdir(folder, { recursive: true })
    await writeFiles(
      new Map(
        await Promise.all(
          paths.map(async path => [join(temporary, path), await starterText(target, path, title)] as const),
        ),
      ),
    )
    await rename(temporary, target)
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
  return paths.map(path => join(target, path))
}

/** The files of the track that authors begin with. */
const starterTrack = fileURLToPath(new URL('starter-track/', import.meta.url))

const starterText = async (target: string, path: string, title: string): Promise<string> => {
  const text = await readFile(join(starterTrack, path), 'utf8')
  const noun = fileKindOf(path)?.noun
  if (noun === undefined) return text
  const titled = noun === 'track' ? text.replace(/^title: .*$/m, () => formatField('title', title.trim(), 0)) : text
  return `${schemaLine(noun, join(target, path), {})}\n${titled}`
}

/** Checks that a folder can take a track with this slug. */
const checkPlace = async (folder: string, slug: string): Promise<string[]> => {
  if (await isTrack(folder))
    return [`${folder} is the folder of the track "${trackSlug(folder)}": name a folder of tracks with --dir`]
  if (existsSync(join(folder, slug))) return [`${join(folder, slug)} exists already: choose another slug`]
  const owner = await formerOwner(folder, slug)
  return owner === undefined
    ? []
    : [`"${slug}" was the slug of the track "${owner}", and an earlier slug is never used again: choose another one`]
}

/** Returns the track of a folder that had a slug earlier. Only its track.yaml is read. */
const formerOwner = async (folder: string, slug: string): Promise<string | undefined> => {
  for (const track of await trackFolders(folder)) {
    const path = join(track, 'track.yaml')
    const { data } = Renamed.safeParse(existsSync(path) ? parseYaml(path, await readFile(path)).value : undefined)
    if (data?.formerly.includes(slug)) return trackSlug(track)
  }
  return undefined
}

const Renamed = z.object({ formerly: z.array(z.string()) })
