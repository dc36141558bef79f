import { csvRow } from './csv.ts'
import { type Format, groupingOption, idNumberOption, scopeOptions } from './format.ts'
import { buildCompetencies, buildFramework, type MoodleCompetency, type MoodleFramework } from './moodle-framework.ts'

/** A competency framework for Moodle's import. */
export const moodle: Format = {
  name: 'moodle.csv',
  mediaType: 'text/csv; charset=utf-8',
  fileNameSuffix: '-moodle.csv',
  description: 'A competency framework for Moodle: import it under Site administration, Competencies.',
  options: [
    groupingOption('The parent of a skill: its tier within the category, or the category.', 'tier', 'category'),
    idNumberOption,
    ...scopeOptions,
  ],
  chunks: function* ({ document, selection, options }) {
    yield csvRow(columns)
    yield frameworkRow(escapeBackslashes(buildFramework(selection, options)))
    for (const competency of buildCompetencies(document, selection, options))
      yield competencyRow(escapeBackslashes(competency))
  },
}

/** The columns of Moodle's import, which go by their order. */
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

/** A scale that every Moodle has; its second value counts as proficient. */
const scale = 'Not yet competent,Competent'
const scaleConfiguration =
  '[{"scaleid":"1"},{"id":1,"scaledefault":1,"proficient":0},{"id":2,"scaledefault":0,"proficient":1}]'

const frameworkRow = ({ idNumber, shortName, description, taxonomies }: MoodleFramework): string =>
  csvRow(['', idNumber, shortName, description, html, scale, scaleConfiguration, '', '', '', '', '', '1', taxonomies])

const competencyRow = ({ parent, idNumber, shortName, description, related }: MoodleCompetency): string =>
  csvRow([parent, idNumber, shortName, description, html, '', '', '', '0', 'null', related.join(','), '', '', ''])

/** Replaces backslashes with character references: PHP's CSV reader treats one before a quote as an escape. */
const escapeBackslashes = <T extends { description: string }>(one: T): T => ({
  ...one,
  description: one.description.replaceAll('\\', '&#92;'),
})
