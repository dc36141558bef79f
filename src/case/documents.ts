import type { z } from 'zod'
import { addresses } from '../http/addresses.ts'
import type { Answer } from '../model/curriculum.ts'
import { type Site, uriOf } from './addresses.ts'
import { given } from './items.ts'
import type { CFDocument, PackageDocument } from './objects.ts'
import { licenseLink, line, linkTo, subjectLink } from './vocabulary.ts'

/** A track as it stands in its package. */
export const packageDocument = (
  site: Site,
  track: Answer<'track'>,
  lastChangeDateTime: string,
): z.infer<typeof PackageDocument> => {
  const subject = subjectLink(site, track)
  return {
    identifier: track.id,
    uri: uriOf(site, 'CFDocuments', track.id),
    frameworkType: 'Skills',
    caseVersion: '1.1',
    creator: addresses.name,
    title: line(track.title),
    lastChangeDateTime,
    officialSourceURL: `${site.origin}/tracks/${track.slug}`,
    ...given({ description: track.summary ?? undefined }),
    subject: [subject.title],
    subjectURI: [subject],
    language: track.language,
    ...given({ version: track.version === null ? undefined : line(track.version) }),
    adoptionStatus: 'Adopted',
    ...given({ licenseURI: track.license === null ? undefined : licenseLink(site, track.license) }),
    ...given({ notes: track.introduction ?? undefined }),
    extensions: { key: track.key },
  }
}

export const documentAnswer = (site: Site, track: Answer<'track'>, lastChangeDateTime: string): CFDocument => ({
  ...packageDocument(site, track, lastChangeDateTime),
  CFPackageURI: linkTo(site, 'CFPackages', track.id, track.title),
})
