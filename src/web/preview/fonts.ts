import { createRequire } from 'node:module'

const packages = createRequire(import.meta.url)

/** Noto Sans has Latin, Greek and Cyrillic letters. Among Arabic ones, they are in the first weight of this list: that of titles. */
export const fontFiles = ['700Bold', '400Regular'].flatMap(weight =>
  [
    ['noto-sans', 'NotoSans'],
    ['noto-sans-arabic', 'NotoSansArabic'],
    ['noto-sans-hebrew', 'NotoSansHebrew'],
  ].map(([name, file]) => packages.resolve(`@expo-google-fonts/${name}/${weight}/${file}_${weight}.ttf`)),
)
