import type { Answer } from '../model/curriculum.ts'
import type { Item } from './cartridge-modules.ts'
import type { Resource } from './cartridge-resources.ts'
import { courseText, headingText, plainText, titleText } from './cartridge-text.ts'
import { type Version, versions } from './cartridge-version.ts'
import { type Markup, markup } from './markup.ts'

/** The table of contents of a cartridge. Moodle looks for the namespace within its first 1,024 bytes. */
export const manifest = function* (
  track: Answer<'track'>,
  version: Version,
  modules: readonly Item[],
  resources: readonly Resource[],
): Iterable<string> {
  const { schema, namespace, lom } = versions[version]
  const extension = version === '1.3' && markup` xmlns:cpx="${versions[version].extension}"`
  yield markup`<?xml version="1.0" encoding="UTF-8"?>
<manifest identifier="manifest.${track.key}" xmlns="${namespace}/imscp_v1p1" xmlns:lomimscc="${lom}"${extension}>
<metadata><schema>IMS Common Cartridge</schema><schemaversion>${schema}</schemaversion>${about(track)}</metadata>
<organizations><organization identifier="organization" structure="rooted-hierarchy"><item identifier="root">
`.text
  for (const module of modules) yield `${itemXml(module).text}\n`
  yield '</item></organization></organizations>\n<resources>\n'
  for (const resource of resources) yield `${resourceXml(resource).text}\n`
  yield '</resources>\n</manifest>\n'
}

const resourceXml = ({ id, type, path, preferred }: Resource): Markup =>
  markup`<resource identifier="${id}" type="${type}"${!hrefless.test(type) && markup` href="${path}"`}><file href="${path}"/>${
    preferred !== undefined &&
    markup`<cpx:variant identifier="${id}.variant" identifierref="${preferred}"><cpx:metadata/></cpx:variant>`
  }</resource>`

/** The standard gives these a file alone. */
const hrefless = /^ims(wl|dt)_/

const about = ({ title, summary, language, license }: Answer<'track'>): Markup => {
  const text = (words: string) => markup`<lomimscc:string language="${language}">${words}</lomimscc:string>`
  return markup`
<lomimscc:lom><lomimscc:general><lomimscc:title>${text(courseText(title))}</lomimscc:title>${
    summary !== null && markup`<lomimscc:description>${text(plainText(summary))}</lomimscc:description>`
  }</lomimscc:general>${
    license !== null &&
    markup`<lomimscc:rights><lomimscc:copyrightAndOtherRestrictions><lomimscc:value>yes</lomimscc:value></lomimscc:copyrightAndOtherRestrictions><lomimscc:description>${text(license)}</lomimscc:description></lomimscc:rights>`
  }</lomimscc:lom>`
}

const itemXml = ({ id, title, resource, items = [] }: Item): Markup =>
  resource === undefined
    ? markup`<item identifier="${id}"><title>${headingText(title)}</title>${items.map(itemXml)}</item>`
    : markup`<item identifier="${id}" identifierref="${resource}"><title>${titleText(title)}</title></item>`
