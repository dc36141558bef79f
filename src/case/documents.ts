import type { z } from 'zod'
import { serviceIndex } from '../http/service-index.ts'
import type { Item } from '../model/curriculum.ts'
import { caseIdentifier } from '../model/identity.ts'
import { omitEmpty } from './items.ts'
import type { CFDocument, PackageDocument } from './objects.ts'
import { type Site, uriOf } from './versions.ts'
import { licenseLink, linkTo, singleLine, subjectLink } from './vocabulary.ts'

/** Converts a track to the document of its package. */
export const toPackageDocument = (
  site: Site,
  track: Item<'track'>,
  lastChangeDateTime: string,
): z.infer<typeof PackageDocument> => {
  const subject = subjectLink(site, track)
  const identifier = caseIdentifier(track)
  return {
    identifier,
    uri: uriOf(site, 'CFDocuments', identifier),
    frameworkType: 'Skills',
    caseVersion: '1.1',
    creator: serviceIndex.name,
    title: singleLine(track.title),
    lastChangeDateTime,
    officialSourceURL: `${site.origin}/tracks/${track.slug}`,
    ...omitEmpty({ description: track.summary ?? undefined }),
    subject: [subject.title],
    subjectURI: [subject],
    language: track.language,
    ...omitEmpty({ version: track.version === null ? undefined : singleLine(track.version) }),
    adoptionStatus: 'Adopted',
    ...omitEmpty({ licenseURI: track.license === null ? undefined : licenseLink(site, track.license) }),
    ...omitEmpty({ notes: track.introduction ?? undefined }),
    extensions: { key: track.key },
  }
}

export const toDocument = (site: Site, track: Item<'track'>, lastChangeDateTime: string): CFDocument => ({
  ...toPackageDocument(site, track, lastChangeDateTime),
  CFPackageURI: linkTo(site, 'CFPackages', caseIdentifier(track), track.title),
})
