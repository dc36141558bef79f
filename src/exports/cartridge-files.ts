import { Failure } from '../errors.ts'
import type { Item } from '../model/curriculum.ts'
import type { Markup } from '../text/html.ts'
import {
  buildModules,
  type CartridgeVersion,
  type CourseItem,
  cartridgeVersions,
  versionOf,
} from './cartridge-modules.ts'
import { buildResources, type CartridgeResource } from './cartridge-resources.ts'
import { courseText, headingText, inertText, titleText } from './cartridge-text.ts'
import type { ExportInput } from './format.ts'
import { markup } from './markup.ts'
import { maxZipEntries, type ZipEntry, zip } from './zip.ts'

/** Returns a cartridge as the chunks of its zip file. */
export const cartridgeChunks = (input: ExportInput): Iterable<Uint8Array> => {
  const resources = buildResources(input)
  const files: ZipEntry[] = [
    {
      path: 'imsmanifest.xml',
      chunks: writeManifest(input.document.track, versionOf(input.options), buildModules(input), resources),
    },
    ...resources.map(({ path, content }) => ({ path, chunks: deferred(content) })),
  ]
  if (files.length > maxZipEntries)
    throw new Failure(
      'BAD_USER_INPUT',
      `A cartridge can have at most ${maxZipEntries} files, and this one would have ${files.length}: limit it with tier, category or source.`,
    )
  return zip(files)
}

const deferred = function* <T>(content: () => T): Iterable<T> {
  yield content()
}

/** Writes imsmanifest.xml. Moodle looks for the namespace within its first 1,024 bytes. */
const writeManifest = function* (
  track: Item<'track'>,
  version: CartridgeVersion,
  modules: readonly CourseItem[],
  resources: readonly CartridgeResource[],
): Iterable<string> {
  const { schema, namespace, lom } = cartridgeVersions[version]
  const extension = version === '1.3' && markup` xmlns:cpx="${cartridgeVersions[version].extension}"`
  yield markup`<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="manifest.${track.key}" xmlns="${namespace}/imscp_v1p1" xmlns:lomimscc="${lom}"${extension}>
<metadata><schema>IMS Common Cartridge</schema><schemaversion>${schema}</schemaversion>${metadataXml(track)}</metadata>
<organizations><organization identifier="organization" structure="rooted-hierarchy"><item identifier="root">
`.text
  for (const module of modules) yield `${itemXml(module).text}\n`
  yield '</item></organization></organizations>\n<resources>\n'
  for (const resource of resources) yield `${resourceXml(resource).text}\n`
  yield '</resources>\n</manifest>\n'
}

const resourceXml = ({ id, type, path, preferred }: CartridgeResource): Markup =>
  markup`<resource identifier="${id}" type="${type}"${!typesWithoutHref.test(type) && markup` href="${path}"`}><file href="${path}"/>${
    preferred !== undefined &&
    markup`<cpx:variant identifier="${id}.variant" identifierref="${preferred}"><cpx:metadata/></cpx:variant>`
  }</resource>`

/** Web links, discussion topics and quizzes: the standard allows them a file but no href. */
const typesWithoutHref = /^ims(wl|dt|qti)_/

const metadataXml = ({ title, summary, language, license }: Item<'track'>): Markup => {
  const langString = (text: string) => markup`<lomimscc:string language="${language}">${text}</lomimscc:string>`
  return markup`
<lomimscc:lom><lomimscc:general><lomimscc:title>${langString(courseText(title))}</lomimscc:title>${
    summary !== null && markup`<lomimscc:description>${langString(inertText(summary))}</lomimscc:description>`
  }</lomimscc:general>${
    license !== null &&
    markup`<lomimscc:rights><lomimscc:copyrightAndOtherRestrictions><lomimscc:value>yes</lomimscc:value></lomimscc:copyrightAndOtherRestrictions><lomimscc:description>${langString(license)}</lomimscc:description></lomimscc:rights>`
  }</lomimscc:lom>`
}

const itemXml = ({ id, title, resource, items = [] }: CourseItem): Markup =>
  resource === undefined
    ? markup`<item identifier="${id}"><title>${headingText(title)}</title>${items.map(itemXml)}</item>`
    : markup`<item identifier="${id}" identifierref="${resource}"><title>${titleText(title)}</title></item>`
