import type { Asked } from './options.ts'

/** What the versions of Common Cartridge differ in. */
export const versions = {
  '1.1': {
    schema: '1.1.0',
    namespace: 'http://www.imsglobal.org/xsd/imsccv1p1',
    lom: 'http://ltsc.ieee.org/xsd/imsccv1p1/LOM/manifest',
    number: 'v1p1',
  },
  '1.3': {
    schema: '1.3.0',
    namespace: 'http://www.imsglobal.org/xsd/imsccv1p3',
    lom: 'http://ltsc.ieee.org/xsd/imsccv1p3/LOM/manifest',
    number: 'v1p3',
    extension: 'http://www.imsglobal.org/xsd/imsccv1p3/imscp_extensionv1p2',
  },
} as const
export type Version = keyof typeof versions

export const versionIn = ({ version }: Asked): Version => (version === '1.3' ? '1.3' : '1.1')
