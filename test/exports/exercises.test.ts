import markdownIt from 'markdown-it'
import t from 'tap'
import { documentOf, emptyApp } from '../fixtures/app.ts'

/** Exports a track with these instructions as Markdown. */
const exported = async (t: Parameters<typeof emptyApp>[0], instructions: string): Promise<string> => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'go' },
      {
        category: [{ slug: 'c' }],
        skill: [{ slug: 'a', category: 'c', tier: 'senior' }],
        resource: [{ slug: 'r', kind: 'tool', title: 'Tool *1*', url: 'https://example.org/r' }],
        project: [
          {
            slug: 'p',
            title: 'P',
            brief: instructions,
            starter: 'https://example.org/start',
            resources: ['r'],
            skills: ['a'],
          },
        ],
        exercise: [
          {
            slug: 'e',
            kind: 'exercise',
            title: 'E',
            skills: ['a'],
            instructions,
            files: [{ path: 'main.py', role: 'starter', text: 'x' }],
          },
          { slug: 'last', kind: 'exercise', title: 'Last', skills: ['a'] },
        ],
      },
    ),
  )
  return (await app.inject('/v1/tracks/go/export/markdown')).body
}

/** Returns the headings of a Markdown text with their level. */
const headings = (markdown: string): string[] =>
  markdownIt({ html: true })
    .parse(markdown, {})
    .flatMap(({ type, tag }, index, tokens) =>
      type === 'heading_open' ? [`${tag} ${tokens[index + 1]?.content}`] : [],
    )

t.test('Markdown has exercises with their files, and projects with their brief, starter and resources', async t => {
  const markdown = await exported(t, 'Do **it**.')
  t.match(markdown, '\n## Exercises\n\n### E\n\nexercise\n\nDo **it**.\n\nFiles:\n\n- `starter/main.py`\n')
  t.match(
    markdown,
    '\n### P\n\nDo **it**.\n\n[Code to begin with](<https://example.org/start>)\n\nLook it up:\n\n- [Tool \\*1\\*](<https://example.org/r>)\n',
  )
})

for (const [what, instructions, embedded] of [
  ['headings', '# One\n\n## Two #\n\n###### Six\n\n#no heading', ['h4 One', 'h5 Two', 'h6 Six']],
  ['underlined headings', 'One\n===\n\nTwo\n---\n\n- item\n---\n\n1. item\n---\n', ['h4 One', 'h5 Two']],
  ['code', '```md\n# no heading\n~~~\n```\n\n~~~~\n# nor this\n~~~\n~~~~\n\n# One', ['h4 One']],
  ['an open code block', 'Text\n\n````\n# no heading\n```', []],
  ['an open comment', 'Text\n\n<!-- open\n\n# One', ['h4 One']],
  ['an open element', '<pre>\n\n# One\r\n\r\n<Script>', ['h4 One']],
] as const)
  t.test(`${what} of instructions stay in their part of the Markdown`, async t => {
    const all = headings(await exported(t, instructions))
    const from = all.indexOf('h3 E') + 1
    t.strictSame(all.slice(from, all.indexOf('h3 Last')), embedded)
    t.strictSame(all.slice(-1), ['h2 Resources', 'h3 Tool \\*1\\*'].slice(-1), 'the sections after it are there')
  })

t.test('footnotes of different parts of the Markdown keep apart', async t => {
  const markdown = await exported(t, 'Text[^1], `[^a]`.\n\n```\n[^1]\n```\n\n[^1]: The note.')
  for (const id of ['project-p', 'exercise-e'])
    t.match(
      markdown,
      `Text[^${id}-1], \`[^a]\`.\n\n\`\`\`\n[^1]\n\`\`\`\n\n[^${id}-1]: The note.\n`,
      'code and other brackets stay',
    )
})

t.test('an export of a part has the exercises of its skills, and the resources of its projects', async t => {
  const { app, load } = await emptyApp(t)
  await load(
    documentOf(
      { slug: 'go' },
      {
        source: [
          {
            slug: 's',
            outline: [
              { label: 'L', of: 'exercise.two' },
              { label: 'B', of: 'skill.b' },
            ],
          },
        ],
        category: [{ slug: 'c' }, { slug: 'd' }],
        skill: [
          { slug: 'a', category: 'c', tier: 'senior' },
          { slug: 'b', category: 'd', tier: 'beginner' },
        ],
        resource: [
          { slug: 'r', kind: 'tool', title: 'Tool' },
          { slug: 'q', kind: 'tool', title: 'Other' },
        ],
        project: [{ slug: 'p', title: 'P', resources: ['r'], skills: ['a'], tier: 'senior' }],
        exercise: [
          { slug: 'one', kind: 'exercise', title: 'One', skills: ['a'] },
          { slug: 'two', kind: 'exercise', title: 'Two', skills: ['b'] },
          { slug: 'both', kind: 'exercise', title: 'Both', skills: ['a', 'b'] },
        ],
      },
    ),
  )
  const titles = async (query: string) => {
    const { body } = await app.inject(`/v1/tracks/go/export/markdown?${query}`)
    return headings(body)
      .filter(one => /^h3 (One|Two|Both|Tool|Other)$/.test(one))
      .map(one => one.slice(3))
  }
  t.strictSame(await titles(''), ['One', 'Two', 'Both', 'Tool', 'Other'])
  t.strictSame(await titles('tier=senior'), ['One', 'Both', 'Tool'])
  t.strictSame(await titles('category=d'), ['Two', 'Both'])
  t.strictSame(await titles('source=s'), ['Two'])
})
