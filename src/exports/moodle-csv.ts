import { csvRow } from './csv.ts'
import type { Format } from './format.ts'
import { type Competency, competenciesOf, type Framework, frameworkOf } from './moodle-framework.ts'
import { by, idnumber, scopeOptions } from './options.ts'

/** A competency framework as Moodle imports it. */
export const moodle: Format = {
  name: 'moodle.csv',
  mediaType: 'text/csv; charset=utf-8',
  ending: '-moodle.csv',
  description: 'A competency framework for Moodle: import it under Site administration, Competencies.',
  options: [by('What stands between a category and its skills.', 'tier', 'category'), idnumber, ...scopeOptions],
  chunks: function* ({ whole, chosen, asked }) {
    yield csvRow(columns)
    yield frameworkRow(withoutBackslashes(frameworkOf(chosen, asked)))
    for (const competency of competenciesOf(whole, chosen, asked)) yield competencyRow(withoutBackslashes(competency))
  },
}

/** Moodle goes by their order. */
const columns = [
  'Parent ID number',
  'ID number',
  'Short name',
  'Description',
  'Description format',
  'Scale values',
  'Scale configuration',
  'Rule type (optional)',
  'Rule outcome (optional)',
  'Rule config (optional)',
  'Cross-referenced competency ID numbers',
  'Exported ID (optional)',
  'Is framework',
  'Taxonomy',
]

const html = '1'

/** A scale that every Moodle has, and what stands for having learnt it. */
const scale = 'Not yet competent,Competent'
const scaleConfiguration =
  '[{"scaleid":"1"},{"id":1,"scaledefault":1,"proficient":0},{"id":2,"scaledefault":0,"proficient":1}]'

const frameworkRow = ({ idNumber, shortName, description, taxonomies }: Framework): string =>
  csvRow(['', idNumber, shortName, description, html, scale, scaleConfiguration, '', '', '', '', '', '1', taxonomies])

const competencyRow = ({ parent, idNumber, shortName, description, related }: Competency): string =>
  csvRow([parent, idNumber, shortName, description, html, '', '', '', '0', 'null', related.join(','), '', '', ''])

/** Writes backslashes as references: PHP's CSV reader treats one before a quote as an escape. */
const withoutBackslashes = <T extends { description: string }>(one: T): T => ({
  ...one,
  description: one.description.replaceAll('\\', '&#92;'),
})
