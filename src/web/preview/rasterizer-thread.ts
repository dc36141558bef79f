import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { parentPort } from 'node:worker_threads'
import { Resvg } from '@resvg/resvg-js'
import { fontFiles } from './fonts.ts'

/** Letters that these fonts do not have: the fonts of the system, which take longer to load, may have them. */
const otherLetters =
  /(?!\p{Script=Latin}|\p{Script=Greek}|\p{Script=Cyrillic}|\p{Script=Arabic}|\p{Script=Hebrew})\p{L}/u

// V8 does not know the size of the pictures, 3 MB each outside its heap: without this, more than a gigabyte would pile up.
setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** The pictures after which memory is freed. */
const picturesPerCollection = 16

let drawn = 0

/** Draws each SVG that the rasterizer sends, and replies with the PNG. */
parentPort?.on('message', (svg: string | null) => {
  if (svg === null) return parentPort?.close()
  const font = { fontFiles, loadSystemFonts: otherLetters.test(svg) }
  parentPort?.postMessage(new Resvg(svg, { font }).render().asPng())
  drawn++
  // Later, since the last picture is in use until this function has returned; those that are free are released after that.
  if (drawn % picturesPerCollection === 0) setImmediate(collectGarbage)
})
