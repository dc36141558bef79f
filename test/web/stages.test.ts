import t from 'tap'
import { createTrackView } from '../../src/web/content/track-view.ts'
import { linksInFile } from '../../src/web/page/links.ts'
import { milestonesByTier } from '../../src/web/track/stages.ts'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { documentOf } from '../fixtures/app.ts'
import { served } from '../fixtures/served.ts'

const document = documentOf(
  {
    slug: 'go',
    title: 'Go',
    license: 'CC0-1.0',
    tiers: [
      { tier: 'beginner', title: 'Start', goal: 'Write a program.' },
      { tier: 'senior', title: 'Mastery' },
    ],
  },
  {
    category: [{ slug: 'c', title: 'Core' }],
    skill: [
      { slug: 'a', title: 'Slices', category: 'c', tier: 'beginner', optional: true },
      { slug: 'b', title: 'Channels', category: 'c', tier: 'senior', prerequisites: ['a'] },
    ],
    project: [
      {
        slug: 'with-tier',
        title: 'With a tier',
        code: 'P',
        tier: 'beginner',
        duration: { unit: 'day', from: 1, to: 1 },
      },
      { slug: 'by-skills', title: 'By its skills', skills: ['a', 'b'] },
      {
        slug: 'growing',
        title: 'Growing',
        phases: [
          { title: 'Preparation', parts: [] },
          { tier: 'beginner', title: 'A tool', parts: [] },
          { tier: 'senior', title: 'A service', parts: [] },
        ],
      },
      { slug: 'free', title: 'Free' },
    ],
    exercise: [
      { slug: 'e', kind: 'exercise', title: 'Exercise', skills: ['a'], duration: { unit: 'minute', from: 5, to: 5 } },
    ],
    checklist: [{ slug: 'k', kind: 'completion', tier: 'senior', title: 'Done?', items: [{ text: 'All' }] }],
  },
)

t.test('projects and exercises are milestones of a stage, by their tier, their phases or their skills', async t => {
  const stages = milestonesByTier(createTrackView(await served(t, document), linksInFile))
  const inStages = [...stages].map(([tier, { projects, exercises }]) => [
    tier,
    projects.map(({ project, phase, isFirst }) => [project.slug, phase, isFirst]),
    exercises.map(({ slug }) => slug),
  ])
  t.same(inStages, [
    [
      'beginner',
      [
        ['with-tier', null, true],
        ['growing', 'A tool', true],
      ],
      ['e'],
    ],
    [
      'senior',
      [
        ['by-skills', null, true],
        ['growing', 'A service', false],
      ],
      [],
    ],
    [null, [['free', null, true]], []],
  ])
})

t.test('a project of a tier that no skill has belongs to no stage', async t => {
  const skill = { slug: 's', category: 'c', tier: 'beginner' }
  const project = { slug: 'p', tier: 'senior' }
  const document = documentOf({ slug: 'a' }, { category: [{ slug: 'c' }], skill: [skill], project: [project] })
  const stages = milestonesByTier(createTrackView(await served(t, document), linksInFile))
  t.same(
    stages.get(null)?.projects.map(({ project }) => project.slug),
    ['p'],
  )
})

t.test('a stage shows its goal, its milestones and its checklists', async t => {
  const html = exportHtml(await served(t, document))
  const [, start = '', mastery = '', rest = ''] = html.split('<section class="stage')
  for (const text of [
    'Stage 1 of 2',
    'Start</h2>',
    '1 skill',
    'Write a program.',
    'Slices</a> <small>optional</small>',
    '<b class="code">P</b> With a tier</a> <small><bdi>1 day</bdi></small>',
    'Growing</a> <small><bdi>A tool</bdi></small>',
    'Exercise</a> <small><bdi>5 minutes</bdi></small>',
  ])
    t.match(start, text)
  t.match(mastery, 'By its skills')
  t.match(mastery, '<a href="#checklist-k">Done?</a>')
  t.match(rest, 'Free')
  t.match(html, 'License of the content: <span dir="auto">CC0-1.0</span>')
})

t.test('a track without skills says so, and one with a single tier has no stages to choose from', async t => {
  const empty = exportHtml(await served(t, documentOf({ slug: 'a' }, {})))
  t.match(empty, 'This roadmap has no skills yet.')
  t.notMatch(empty, 'id="start"')
  const skill = { slug: 's', category: 'c', tier: 'beginner' }
  const single = exportHtml(await served(t, documentOf({ slug: 'a' }, { category: [{ slug: 'c' }], skill: [skill] })))
  t.notMatch(single, 'Stage 1 of 1')
  t.notMatch(single, 'class="journey"')
})
