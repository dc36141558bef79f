import t from 'tap'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { documentOf, emptyApp } from '../fixtures/app.ts'
import { served } from '../fixtures/served.ts'

const document = documentOf(
  { slug: 'go' },
  {
    category: [{ slug: 'c' }],
    skill: [{ slug: 'a', title: 'Slices', category: 'c', tier: 'beginner' }],
    resource: [{ slug: 'r', kind: 'tool', title: 'Tool' }],
    exercise: [
      {
        slug: 'sum',
        kind: 'assignment',
        title: 'Sum <T>',
        summary: 'Adds `a`.',
        skills: ['a'],
        duration: { unit: 'minute', from: 20, to: 30 },
        instructions: 'Add **all** of [them](a).',
        criteria: ['It adds.'],
        hints: ['Loop.', 'Really.'],
        solution: '`+`',
        files: [
          { path: 'sum.go', role: 'starter', text: '\npackage <a>\n' },
          { path: 'sum.go', role: 'solution', text: 'return 1' },
          { path: 'sum_test.go', role: 'test', text: '' },
        ],
      },
      {
        slug: 'quiz',
        kind: 'quiz',
        title: 'Quiz',
        skills: ['a'],
        questions: [
          {
            text: 'Which *one*?',
            choices: [{ text: 'This', correct: true, feedback: 'Well done.' }, { text: '<i>That</i>' }],
            explanation: 'Because of `x`.',
          },
          { text: 'Which word?', answer: 'make' },
        ],
      },
      {
        slug: 'files',
        kind: 'exercise',
        title: 'Files',
        skills: ['a'],
        files: [{ path: 'a', role: 'solution', text: 'A' }],
      },
      { slug: 'bare', kind: 'exercise', title: 'Bare', skills: ['a'] },
    ],
    project: [
      {
        slug: 'p',
        title: 'Project',
        brief: 'Build *it*.',
        starter: 'https://example.org/start?a=1&b=2',
        resources: ['r'],
        duration: { unit: 'day', from: 2, to: 3 },
      },
    ],
  },
)

/** Returns the markup of an entry of the page. */
const entry = (html: string, id: string): string =>
  html.slice(html.indexOf(`id="${id}"`), html.indexOf('\n</div>\n</details>', html.indexOf(`id="${id}"`)))

/** Returns markup without its collapsed parts. */
const withoutSpoilers = (html: string): string => html.replace(/<details class="spoiler">.*?<\/details>/gs, '')

t.test('a page shows an exercise; hints and solutions are collapsed', async t => {
  const html = exportHtml(await served(t, document))
  t.match(html, '<span class="title" dir="auto">Sum &lt;T&gt;</span> <span class="aside"><bdi>Assignment</bdi> · ')
  const sum = entry(html, 'exercise-sum')
  const shown = withoutSpoilers(sum)
  for (const part of [
    'Adds <code>a</code>.',
    'Add <strong>all</strong> of <a href="#skill-a">them</a>.',
    'It adds.',
    '<code>sum.go</code></p><pre tabindex="0"><code class="language-go">\n<span class="hljs-keyword">package</span> &lt;a&gt;\n</code></pre>',
    '<code>sum_test.go</code></p><pre tabindex="0"><code class="language-go"></code></pre>',
    '<a href="#skill-a" data-tier="beginner"',
  ])
    t.ok(shown.includes(part), `${part}: ${shown}`)
  for (const part of ['Loop.', 'Really.', '<code>+</code>', 'return</span>']) {
    t.notOk(shown.includes(part), part)
    t.ok(sum.includes(part), part)
  }
  t.match(sum, /<summary>Hint 1<\/summary>.*<summary>Hint 2<\/summary>.*<summary>Solution<\/summary>/s)
  t.match(entry(html, 'exercise-files'), /<summary>Solution<\/summary>.*<code>A<\/code>/s)
  t.notMatch(html, /<details class="spoiler" open/)
})

t.test('a page shows a quiz with its choices; right answers, feedback and explanations are collapsed', async t => {
  const quiz = entry(exportHtml(await served(t, document)), 'exercise-quiz')
  const shown = withoutSpoilers(quiz)
  t.match(shown, 'Which <em>one</em>?')
  t.match(shown, '<li><bdi>This</bdi></li><li><bdi>&lt;i&gt;That&lt;/i&gt;</bdi></li>')
  t.notMatch(shown, /Right|Wrong|Well done|Because|make/)
  t.match(quiz, '<summary>Answer to question 1</summary>')
  t.match(quiz, '<b>Right:</b> <bdi>This</bdi><br><bdi>Well done.</bdi>')
  t.match(quiz, '<b>Wrong:</b> <bdi>&lt;i&gt;That&lt;/i&gt;</bdi>')
  t.match(quiz, 'Because of <code>x</code>.')
  t.match(quiz, /<summary>Answer to question 2<\/summary>.*make/s)
})

t.test('a skill lists the exercises that practise it, and an exercise without more shows only its skills', async t => {
  const html = exportHtml(await served(t, document))
  t.match(entry(html, 'skill-a'), '<a href="#exercise-sum">Sum &lt;T&gt;</a> <span class="aside">Assignment</span>')
  t.match(entry(html, 'skill-a'), '<a href="#exercise-quiz">Quiz</a>')
  t.notMatch(entry(html, 'exercise-bare'), /stuck|Questions|Your task|done when/)
})

t.test('a page shows the brief, the starter and the resources of a project', async t => {
  const html = exportHtml(await served(t, document))
  const project = entry(html, 'project-p')
  t.match(project, 'Build <em>it</em>.')
  t.match(
    project,
    '<a href="https://example.org/start?a=1&amp;b=2" target="_blank" rel="noopener">Get the starter code</a>',
  )
  t.match(project, '<span>Tool</span> <span class="aside">Tool</span>')
})

t.test('search finds instructions and questions, and never a solution, an answer or a hint', async t => {
  const { app, load } = await emptyApp(t)
  await load(document)
  const found = async (q: string) =>
    (await app.inject(`/v1/search?q=${q}&noun=exercise`)).json<{ data: { key: string }[] }>().data.map(({ key }) => key)
  t.strictSame(await found('them'), ['go.sum'])
  t.strictSame(await found('which'), ['go.quiz'])
  t.strictSame(await found('that'), ['go.quiz'])
  for (const spoiler of ['loop', 'return', 'package', 'well', 'because', 'make'])
    t.strictSame(await found(spoiler), [], spoiler)
})
