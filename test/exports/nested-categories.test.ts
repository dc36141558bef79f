import { parse } from 'csv-parse/sync'
import t, { type Test } from 'tap'
import type { Document } from '../../src/model/document.ts'
import { documentOf, emptyApp } from '../fixtures/app.ts'
import { importOutcomes } from '../fixtures/canvas-importer.ts'
import { type Line, readCartridge } from '../fixtures/cartridge-reader.ts'
import { importFramework } from '../fixtures/moodle-importer.ts'
import { nestedTrack } from '../fixtures/nested-track.ts'

const nestedApp = async (t: Test, document: Document = nestedTrack()) => {
  const { app, load } = await emptyApp(t)
  await load(document)
  const bytes = async (format: string): Promise<Buffer> => {
    const response = await app.inject(`/v1/tracks/web/export/${format}`)
    t.equal(response.statusCode, 200, response.body)
    return response.rawPayload
  }
  return { app, load, bytes, text: async (format: string) => (await bytes(format)).toString() }
}

t.test(
  'in Markdown a category has a heading one level below that of its parent, and its tiers one below its own',
  async t => {
    const { text } = await nestedApp(t)
    const headings = (await text('markdown')).split('\n').filter(line => line.startsWith('#'))
    t.same(headings.slice(1, 12), [
      '## Markup',
      '### Beginner',
      '### Forms',
      '#### Senior',
      '#### Dates',
      '##### Beginner',
      '### Tables',
      '#### Beginner',
      '## Style',
      '### Layout',
      '#### Beginner',
    ])
  },
)

t.test('in Mermaid the box of a category is within that of its parent', async t => {
  const { text } = await nestedApp(t)
  t.match(
    await text('mermaid'),
    `flowchart LR
  subgraph category_markup["Markup"]
    skill_link["Link"]:::beginner
    subgraph category_forms["Forms"]
      skill_label["Label"]:::senior
      subgraph category_dates["Dates"]
        skill_calendar["Calendar"]:::beginner
      end
    end
    subgraph category_tables["Tables"]
      skill_row["Row"]:::beginner
    end
  end
  subgraph category_style["Style"]
    subgraph category_layout["Layout"]
      skill_grid["Grid"]:::beginner
    end
  end
  skill_link --> skill_row
`,
  )
})

t.test('in a spreadsheet a column has the categories above that of a skill, from the top down', async t => {
  const { text } = await nestedApp(t)
  const rows = parse(await text('csv'), { columns: true }) as Record<string, string>[]
  t.strictSame(
    rows.map(({ key, category, parents }) => [key, category, parents]),
    [
      ['web.link', 'Markup', ''],
      ['web.label', 'Forms', 'Markup'],
      ['web.calendar', 'Dates', 'Markup\nForms'],
      ['web.row', 'Tables', 'Markup'],
      ['web.grid', 'Layout', 'Style'],
    ],
  )
})

t.test('in Moodle a category is a competency below that of its parent', async t => {
  const { bytes } = await nestedApp(t)
  for (const by of ['tier', 'category']) {
    const { framework, competencies, dropped } = importFramework(await bytes(`moodle.csv?by=${by}`))
    t.same(dropped, [])
    t.equal(framework.taxonomy, 'domain')
    t.equal(competencies.get('web.category.markup')?.parent, '')
    t.equal(competencies.get('web.category.forms')?.parent, 'web.category.markup')
    t.equal(competencies.get('web.category.dates')?.parent, 'web.category.forms')
    const group = by === 'tier' ? 'web.category.dates.beginner' : 'web.category.dates'
    t.equal(competencies.get('web.skill.calendar')?.parent, group)
  }
  const { competencies, dropped } = importFramework(await bytes('moodle.csv?category=dates&by=category'))
  t.same(dropped, [])
  t.same(
    [...competencies.keys()],
    ['web.category.markup', 'web.category.forms', 'web.category.dates', 'web.skill.calendar'],
  )
})

t.test('in Canvas a category is a group in that of its parent', async t => {
  const { text } = await nestedApp(t)
  for (const by of ['tier', 'category']) {
    const rows = importOutcomes(await text(`canvas.csv?by=${by}`))
    t.same(rows.get('web.category.markup')?.parents, ['web'])
    t.same(rows.get('web.category.forms')?.parents, ['web.category.markup'])
    t.same(rows.get('web.category.dates')?.parents, ['web.category.forms'])
    t.same(rows.get('web.skill.calendar')?.parents, [`web.category.dates${by === 'tier' ? '.beginner' : ''}`])
  }
  t.same(
    [...importOutcomes(await text('canvas.csv?category=dates')).keys()],
    ['web', 'web.category.markup', 'web.category.forms', 'web.category.dates', 'web.skill.calendar'],
  )
})

t.test(
  'a category that moved is among the changed rows of Canvas, with its old and new parents in the right order',
  async t => {
    const { app, load, text } = await nestedApp(t)
    const cursorOf = async () => String((await app.inject('/v1/tracks/web')).headers['curriculum-cursor'])
    const cursor = await cursorOf()
    const since = async (at: string, more = '') =>
      [...importOutcomes(await text(`canvas.csv?since=${at}${more}`)).entries()].map(([guid, { parents }]) => [
        guid,
        ...parents,
      ])
    await load(nestedTrack({ forms: { parent: 'web.style' } }))
    t.same(await since(cursor), [['web'], ['web.category.style', 'web'], ['web.category.forms', 'web.category.style']])
    t.same(
      await since(cursor, '&category=style'),
      [
        ['web'],
        ['web.category.style', 'web'],
        ['web.category.forms', 'web.category.style'],
        ['web.skill.label', 'web.category.forms'],
        ['web.category.dates', 'web.category.forms'],
        ['web.skill.calendar', 'web.category.dates'],
      ],
      'a category that moved into the scope brings its skills',
    )
    const next = await cursorOf()
    await load(
      nestedTrack({ markup: { parent: 'web.forms' }, forms: { parent: null }, dates: { parent: 'web.markup' } }),
    )
    t.same(await since(next), [
      ['web'],
      ['web.category.forms', 'web'],
      ['web.category.markup', 'web.category.forms'],
      ['web.category.dates', 'web.category.markup'],
    ])
  },
)

const outline = (lines: readonly Line[], depth = 0): string[] =>
  lines.flatMap(({ title, lines: below }) => [`${'  '.repeat(depth)}${title}`, ...outline(below, depth + 1)])

t.test(
  'in a cartridge a category is a heading in the module of its parent, after the skills of its parent',
  async t => {
    const { bytes } = await nestedApp(t)
    for (const version of ['1.1', '1.3']) {
      const { modules } = await readCartridge(await bytes(`cartridge.imscc?version=${version}`))
      t.same(outline(modules), [
        'About this course',
        '  Web',
        'Markup',
        '  Beginner',
        '    Link',
        '  Forms',
        '    Senior',
        '      Label',
        '    Dates',
        '      Beginner',
        '        Calendar',
        '  Tables',
        '    Beginner',
        '      Row',
        'Style',
        '  Layout',
        '    Beginner',
        '      Grid',
      ])
    }
  },
)

t.test('a course by plans has no heading for a category of which plans have all skills', async t => {
  const document = nestedTrack()
  const plans = [{ slug: 'start', kind: 'plan', tier: 'beginner', title: 'Start', steps: [] }]
  const parsed = documentOf({ slug: 'web' }, { plan: plans })
  const { bytes } = await nestedApp(t, { ...document, plans: parsed.plans })
  const { modules } = await readCartridge(await bytes('cartridge.imscc?by=plan'))
  t.same(outline(modules.slice(2)), ['Markup', '  Forms', '    Senior', '      Label'])
})
