import { baseOf, type Version } from './addresses.ts'

/** The name of each file is fixed by the standard. */
const files: Record<Version, string> = {
  v1p1: 'imscasev1p1_openapi3_v1p0.json',
  v1p0: 'imscasev1p0_openapi3_v1p0.json',
}

/** Where a version describes itself. */
export const discoveryPath = (version: Version): string =>
  `${baseOf({ origin: '', version })}/discovery/${files[version]}`
