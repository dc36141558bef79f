import { Failure } from '../errors.ts'
import { manifest } from './cartridge-manifest.ts'
import { modulesOf } from './cartridge-modules.ts'
import { resourcesOf } from './cartridge-resources.ts'
import { versionIn } from './cartridge-version.ts'
import type { Format } from './format.ts'
import { by, scopeOptions, version } from './options.ts'
import { type File, mostFiles, zipped } from './zip.ts'

/** A track as a course: what Moodle, Canvas and others make modules of. */
export const cartridge: Format = {
  name: 'cartridge.imscc',
  mediaType: 'application/zip',
  ending: '.imscc',
  description:
    'A Common Cartridge: modules with a page for each skill, links to resources and a discussion or assignment for each project.',
  options: [by('What a module is.', 'category', 'plan'), version, ...scopeOptions],
  chunks: exported => {
    const resources = resourcesOf(exported)
    const files: File[] = [
      {
        path: 'imsmanifest.xml',
        chunks: manifest(exported.whole.track, versionIn(exported.asked), modulesOf(exported), resources),
      },
      ...resources.map(({ path, content }) => ({ path, chunks: lazily(content) })),
    ]
    if (files.length > mostFiles)
      throw new Failure(
        'BAD_USER_INPUT',
        `A cartridge holds at most ${mostFiles} files, and this one would have ${files.length}: narrow it with tier, category or source.`,
      )
    return zipped(files)
  },
}

const lazily = function* (content: () => string): Iterable<string> {
  yield content()
}
