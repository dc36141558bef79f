import t from 'tap'
import { readFolder } from '../src/content/read-folder.ts'
import type { Item } from '../src/model/curriculum.ts'
import { type Noun, plurals, type Tier } from '../src/model/vocabulary.ts'
import { seed, testApp } from './fixtures/app.ts'

type Counts = [all: number, beginner: number, intermediate: number, senior: number, none: number]

/** The mentions in each document, counted by hand: per noun, in all and by the tier that the document gives. */
const figures: Record<string, Partial<Record<Noun, Counts>>> = {
  'matrix-draft': { category: [17, 0, 0, 0, 17], skill: [111, 33, 37, 41, 0] },
  matrix: { category: [18, 0, 0, 0, 18], skill: [119, 35, 39, 45, 0], principle: [16, 0, 0, 0, 16] },
  roadmap: { category: [18, 0, 0, 0, 18], skill: [35, 0, 0, 0, 35] },
  guide: {
    skill: [35, 10, 13, 12, 0],
    principle: [16, 0, 0, 0, 16],
    project: [8, 2, 2, 3, 1],
    resource: [8, 0, 0, 0, 8],
    plan: [4, 1, 0, 0, 3],
    checklist: [10, 3, 4, 3, 0],
  },
  outline: { category: [12, 0, 0, 0, 12], skill: [49, 0, 0, 0, 49] },
}

t.test('every mention of a source document is in the curriculum, by noun and tier', async t => {
  const { app } = await testApp(t)
  const total = async (noun: Noun, query: string) =>
    (await app.inject(`/v1/${plurals[noun]}?track=python&${query}`)).json<{ page: { total: number } }>().page.total
  const document = (await app.inject('/v1/tracks/python/document')).json<Record<string, Item<'skill'>[]>>()
  for (const [source, nouns] of Object.entries(figures))
    for (const noun of ['category', 'skill', 'principle', 'project', 'resource', 'plan', 'checklist'] as const) {
      const expected = nouns[noun] ?? [0, 0, 0, 0, 0]
      const mentions = (document[plurals[noun]] ?? [])
        .flatMap(one => one.mentions)
        .filter(one => one.source === `python.${source}`)
      const by = (tier: Tier | null) => mentions.filter(one => one.tier === tier).length
      t.same(
        [mentions.length, by('beginner'), by('intermediate'), by('senior'), by(null)],
        expected,
        `${source}: ${noun}`,
      )
      t.equal(await total(noun, `source=${source}`), expected[0], 'each of them is a noun of its own')
    }
})

t.test('the skill matrix gives 18 categories and 119 skills with its titles and order', async t => {
  const { app } = await testApp(t)
  const sources = (await app.inject('/v1/sources/python.matrix')).json<Item<'source'>>()
  const skills = (await app.inject('/v1/tracks/python/document')).json<{
    skills: Item<'skill'>[]
    categories: Item<'category'>[]
    principles: Item<'principle'>[]
  }>()
  const matrix = sources.outline.filter(({ of }) => of.startsWith('python.skill.'))
  for (const { label, category, tier, of } of matrix) {
    const skill = skills.skills.find(({ slug }) => of === `python.skill.${slug}`)
    t.same([skill?.title, skill?.category, skill?.tier], [label, category, tier], label)
  }
  t.equal(skills.skills.filter(({ sample }) => sample !== null).length, 18)
  const inOrder = (keys: string[], all: string[]) =>
    keys.map(key => all.indexOf(key)).every((place, index, places) => index === 0 || place > (places[index - 1] ?? 0))
  t.ok(
    inOrder(
      matrix.map(({ of }) => of.replace('.skill', '')),
      skills.skills.map(({ key }) => key),
    ),
    'the curriculum has them in the order of the matrix',
  )
  t.same(
    skills.categories.slice(0, 18).map(({ title }) => title),
    sources.outline.filter(({ of }) => of.startsWith('python.category.')).map(({ label }) => label),
  )
  const rules = skills.principles.filter(({ kind }) => kind === 'rule')
  t.same([rules.length, rules.flatMap(({ statements }) => statements).length], [16, 39])
  const samples = Object.fromEntries(
    skills.skills.flatMap(({ title, sample }) => (sample === null ? [] : [[title, sample.url]])),
  )
  t.match(samples, {
    Variables: 'test_variable.py',
    Sequence: 'test_sequences.py',
    'Variable List': 'test_variable_list.py',
  })
})

t.test('where documents differ, each mention has the values of its document', async t => {
  const { app } = await testApp(t)
  const types = (await app.inject('/v1/skills/python.basic-data-types')).json<Item<'skill'>>()
  t.equal(types.category, 'python.standard-types')
  t.equal(
    types.mentions.find(({ source }) => source === 'python.matrix-draft')?.category,
    'python.language-proficiency',
  )
  t.same(
    (await app.inject('/v1/categories?source=python.roadmap&optional=true'))
      .json<{ data: { key: string; optional: boolean }[] }>()
      .data.map(({ key, optional }) => [key, optional]),
    [['python.web-development', false]],
  )
})

t.test('levels, projects, plans and checklists are exactly those of the documents', async t => {
  const { app } = await testApp(t)
  const { track, projects, plans, checklists, principles, resources } = (
    await app.inject('/v1/tracks/python/document')
  ).json<{
    track: Item<'track'>
    projects: Item<'project'>[]
    plans: Item<'plan'>[]
    checklists: Item<'checklist'>[]
    principles: Item<'principle'>[]
    resources: Item<'resource'>[]
  }>()
  t.same(
    track.tiers.map(({ tier, title, theme, duration }) => [tier, title, theme, duration]),
    [
      ['beginner', 'Beginner', 'Foundation & velocity', { unit: 'month', from: 0, to: 3, approximate: true }],
      [
        'intermediate',
        'Intermediate',
        'Real apps, good practices, and tooling',
        { unit: 'month', from: 3, to: 12, approximate: false },
      ],
      [
        'senior',
        'Advanced',
        'Production, scale, architecture & performance',
        { unit: 'month', from: 12, to: null, approximate: false },
      ],
    ],
  )
  t.same(
    projects.map(({ code }) => code),
    ['A', 'B', 'C', 'D', 'E', 'F', 'G', null],
  )
  const taskflow = projects.at(-1)
  t.same(
    taskflow?.phases.map(({ tier }) => tier),
    ['beginner', 'intermediate', 'senior'],
  )
  t.match(JSON.stringify(taskflow?.acceptance), /LCP < X.*error rate < Y/)
  t.same(
    plans.map(({ kind, steps }) => [kind, steps.length]),
    [
      ['timeline', 4],
      ['plan', 4],
      ['plan', 3],
      ['plan', 1],
    ],
  )
  t.same(plans.find(({ weeklyHours }) => weeklyHours !== null)?.weeklyHours, { from: 10, to: 15 })
  t.equal(plans[2]?.steps[0]?.plan, plans[1]?.key, 'a plan builds on another')
  const commands = checklists.flatMap(({ items }) => items)
  for (const command of [
    'python -m venv venv',
    'source venv/bin/activate',
    'pip install requests',
    'pip freeze > requirements.txt',
    'pip install pytest',
    'pytest',
    'docker build -t app .',
    'docker run -p 8000:8000 app',
    'docker run -e POSTGRES_PASSWORD=pass -p 5432:5432 postgres',
  ])
    t.ok(
      commands.some(item => item.command === command),
      command,
    )
  t.match(commands.find(({ command }) => command === 'source venv/bin/activate')?.note, 'venv\\Scripts\\activate')
  t.match(JSON.stringify(commands), '>X%')
  const ofKind = (kind: string) => principles.filter(principle => principle.kind === kind)
  t.same(
    ['rule', 'practice', 'pitfall', 'advice'].map(kind => ofKind(kind).length),
    [16, 6, 6, 4],
  )
  t.ok(ofKind('pitfall').every(({ risk, remedy }) => risk !== null && remedy !== null))
  t.same(
    resources.slice(0, 4).map(({ kind }) => kind),
    ['book', 'book', 'book', 'book'],
  )
})

t.test('every skill has a summary, outcomes, examples and a resource', async t => {
  const { tracks, findings } = await readFolder(seed)
  t.same(findings, [], 'nothing is wrong, and nothing would be looked at again')
  const [track] = tracks
  for (const { title, summary, outcomes, resources, examples } of track?.document.skills ?? []) {
    t.ok(
      summary !== null && outcomes.length >= 2 && outcomes.length <= 5 && resources.length > 0 && examples.length > 0,
      title,
    )
    t.equal(new Set(outcomes).size, outcomes.length)
  }
  for (const { title, summary } of track?.document.categories ?? []) t.ok(summary, title)
  const texts = (track?.document.skills ?? []).flatMap(({ summary, outcomes }) => [summary ?? '', ...outcomes])
  t.same(
    texts.filter(text => /^".*"$/.test(text)),
    [],
    'folded texts need no quotation marks',
  )
  const used = new Set([
    ...(track?.document.skills ?? []).flatMap(({ resources }) => resources),
    ...(track?.document.sources ?? []).flatMap(({ outline }) => outline.map(({ of }) => of.replace('.resource.', '.'))),
  ])
  for (const { slug, url, summary } of track?.document.resources ?? []) {
    t.ok(used.has(`python.${slug}`), `${slug} is used by a skill or named by a document`)
    t.ok(summary, slug)
    if (url !== null) t.match(url, /^https:/)
  }
  for (const { title, skills } of track?.document.projects ?? []) t.ok(skills.length > 0, title)
})
