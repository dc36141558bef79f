import { Refused } from '../../errors.ts'
import type { Document } from '../../model/document.ts'
import { Track } from '../../model/track.ts'
import { type CaseOptions, readFramework } from './case-framework.ts'
import { addItems } from './case-items.ts'
import { type CaseDocument, parsePackage } from './case-package.ts'
import { readRelations } from './case-relations.ts'
import { plainText } from './case-texts.ts'
import {
  collectItems,
  type ImportedFields,
  type ImportedFile,
  type ImportedTrack,
  type ItemCollector,
} from './imported-track.ts'
import { idOf } from './own-items.ts'

export { onlyPackageIn } from './case-package.ts'

/** Reads a package of CASE 1.0 or 1.1. */
export const readCase = (file: ImportedFile, options: CaseOptions, existing: Document | undefined): ImportedTrack => {
  const casePackage = parsePackage(file)
  const collector = collectItems()
  for (const { place, message } of casePackage.invalid) collector.unplaced(place, message)
  const framework = readFramework(casePackage, options, existing, collector)
  if (framework.entries.size === 0) throw new Refused(`${file.name} has no items`)
  const relations = readRelations(framework, casePackage, existing, collector)
  addItems(framework, relations, options, collector)
  return {
    track: trackFields(casePackage.document, options.track, collector),
    items: collector.items,
    complete: ['category', 'skill'],
    notes: collector.notes,
    text: casePackage.text,
  }
}

const trackFields = (
  document: CaseDocument | undefined,
  track: string,
  collector: ItemCollector,
): ImportedFields<'track'> => {
  const place = { line: 1, column: 1 }
  if (document === undefined) {
    collector.note(
      place,
      'the package has no valid CFDocument: the track gets its title from --title, or from its slug',
    )
    return {}
  }
  const { identifier, title, description, notes, language, version, licenseURI } = document
  const id = identifier.toLowerCase()
  const values = {
    title,
    summary: description && plainText(description),
    introduction: notes && plainText(notes),
    language,
    version,
    license: licenseURI?.title && spdxOf(licenseURI.title),
    externalId: id === idOf('track', track) ? undefined : identifier,
  }
  const fields = Object.entries(values).flatMap(([name, value]) => {
    const { data, success } = Track.shape[name as keyof typeof values].safeParse(value || undefined)
    if (!success) collector.unplaced(place, `the ${name} of the document: "${String(value).slice(0, 80)}"`)
    return success && value ? [[name, data]] : []
  })
  return Object.fromEntries(fields) as ImportedFields<'track'> // each value fits its field
}

/** Returns the SPDX identifier for the usual title of a license: `CC BY 4.0`. */
const spdxOf = (title: string): string =>
  /^CC(0| BY(-[A-Z]{2})*) \d\.\d$/.test(title) ? title.replaceAll(' ', '-') : title
