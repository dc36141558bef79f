import { createRequire } from 'node:module'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'
import { Resvg } from '@resvg/resvg-js'

/** The program of the thread of the rasterizer: draws each SVG that it receives, and sends the PNG. */
const packages = createRequire(import.meta.url)

/** Noto Sans has Latin, Greek and Cyrillic letters. Among Arabic ones, they are in the first weight of this list: that of titles. */
const fontFiles = ['700Bold', '400Regular'].flatMap(weight =>
  [
    ['noto-sans', 'NotoSans'],
    ['noto-sans-arabic', 'NotoSansArabic'],
    ['noto-sans-hebrew', 'NotoSansHebrew'],
  ].map(([name, file]) => packages.resolve(`@expo-google-fonts/${name}/${weight}/${file}_${weight}.ttf`)),
)

/** Letters that these fonts do not have: the fonts of the system, which take longer to load, may have them. */
const otherLetters =
  /(?!\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Arabic}|\p{Script=Hebrew})\p{L}/u

// V8 does not know the size of the pictures, which are outside its heap: without this, hundreds of megabytes would pile up.
setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

parentPort?.on('message', (svg: string | null) => {
  if (svg === null) return parentPort?.close()
  const font = { fontFiles, loadSystemFonts: otherLetters.test(svg) }
  parentPort?.postMessage(new Resvg(svg, { font }).render().asPng())
  collectGarbage()
})
