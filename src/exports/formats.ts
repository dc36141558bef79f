import { alignments } from './alignments.ts'
import { canvas } from './canvas-csv.ts'
import { cartridge } from './cartridge.ts'
import { json, ndjson, yaml } from './document-formats.ts'
import type { Format } from './format.ts'
import { roadmap } from './markdown-roadmap.ts'
import { mermaid } from './mermaid.ts'
import { moodle } from './moodle-csv.ts'
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
