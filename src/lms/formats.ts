import { alignments } from './alignments.ts'
import { canvas } from './canvas.ts'
import { cartridge } from './cartridge.ts'
import { json, ndjson, yaml } from './document.ts'
import type { Format } from './format.ts'
import { mermaid } from './mermaid.ts'
import { moodle } from './moodle.ts'
import { roadmap } from './roadmap.ts'
import { spreadsheet } from './spreadsheet.ts'

/** Every format there is, those of learning platforms first. */
export const formats: readonly Format[] = [
  moodle,
  canvas,
  cartridge,
  json,
  yaml,
  ndjson,
  spreadsheet,
  roadmap,
  mermaid,
  alignments,
]
