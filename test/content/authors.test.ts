import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { addNew } from '../../src/cli/new.ts'
import { addRenameSkill } from '../../src/cli/rename-skill.ts'
import { addValidate } from '../../src/cli/validate.ts'
import { printFindings } from '../../src/content/findings.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { maxExerciseFiles, maxExerciseFilesLength } from '../../src/model/exercise.ts'
import { Slug, TrackSlug } from '../../src/model/keys.ts'
import { Language } from '../../src/model/language.ts'
import { maxPictureSize, maxPicturesSize } from '../../src/model/picture.ts'
import { Code, FileText, Markdown, Text, Title, Url } from '../../src/model/text.ts'
import { startsHarmless } from '../../src/text/harmless-html.ts'
import { maxNesting } from '../../src/text/nesting.ts'
import { markdown } from '../../src/web/content/markdown.ts'
import { createRunner } from '../fixtures/command.ts'

const guide = readFileSync(new URL('../../docs/authors.md', import.meta.url), 'utf8')

/** Every example that stands under the name of a file. */
const files = [...guide.matchAll(/^### `([^`]+)`$(.*?)^```yaml\n(.*?)^```$/gms)].map(
  ([, path = '', , text = '']) => [path, text] as const,
)
const linksMistaken =
  'title: Links\nkind: practicle\nprerequisites: [paragraph-and-headings]\nresources: [html-standard]\n'

const write = (folder: string, written: Iterable<readonly [string, string]>): string => {
  for (const [path, text] of written) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

t.test('the example track in docs/authors.md has no mistakes', async t => {
  const { tracks, findings } = await readFolder(write(t.testdir(), files))
  t.same(findings, [])
  t.equal(tracks[0]?.document.skills.length, 4)
  for (const [noun, list] of Object.entries(tracks[0]?.document ?? {})) t.not(JSON.stringify(list), '[]', noun)
})

t.test('the commands of docs/authors.md make a track without mistakes, and add to it', async t => {
  const folder = t.testdir({})
  const { CONTENT } = process.env
  process.env.CONTENT = folder
  t.teardown(() => {
    if (CONTENT === undefined) delete process.env.CONTENT
    else process.env.CONTENT = CONTENT
  })
  const run = createRunner(addNew, addRenameSkill, addValidate)
  const commands = [...guide.matchAll(/^(?:CONTENT=\S+ )?npm run -s curriculum -- ((?:new|rename|validate).*)$/gm)]
  t.ok(commands.length > 8)
  for (const [, line = ''] of commands) {
    const words = (line.match(/"[^"]*"|\S+/g) ?? []).map(word => word.replaceAll('"', '').replace('../tracks', folder))
    t.equal((await run(...words)).code, 0, line)
  }
  const { tracks, findings } = await readFolder(folder)
  t.strictSame(
    new Set(findings.map(({ message }) => message.replace(/"\w+"/, '…'))),
    new Set(['… has no resource to learn it from']),
  )
  t.strictSame(
    tracks[0]?.document.skills.filter(({ category }) => category === 'web.forms').map(({ slug }) => slug),
    ['form-fields', 'labels'],
  )
})

t.test('the limits in docs/authors.md are those of the model', t => {
  const [, table = ''] = /^## Limits$(.*?)^## /ms.exec(guide) ?? []
  for (const [name, limit] of [
    ['slug', Slug.maxLength],
    ['of a track', TrackSlug.maxLength],
    ['title', Title.maxLength],
    ['plain text', Text.maxLength],
    ['Markdown', Markdown.maxLength],
    ['`code`', Code.maxLength],
    ['address', Url.maxLength],
    ['`language`', Language.maxLength],
    ['files of an exercise', maxExerciseFiles],
    ['files of an exercise', FileText.maxLength],
    ['files of an exercise', maxExerciseFilesLength],
    ['pictures', maxPictureSize / 1024 / 1024],
    ['pictures', maxPicturesSize / 1024 / 1024],
    ['a YAML file', maxNesting],
  ] as const) {
    const row = table.split('\n').find(line => line.includes(name))
    t.ok(row?.replace(name, '').includes(` ${limit?.toLocaleString('en')}`), `${name}: ${limit}`)
  }
  t.end()
})

t.test('every YAML trap in docs/authors.md is reported, and its fix works', async t => {
  const traps = /^```diff\n(.*?)^```$/ms.exec(guide)?.[1]?.trimEnd().split('\n') ?? []
  t.ok(traps.length > 10)
  for (const line of traps) {
    const field = line.slice(2)
    const isVersion = field.startsWith('version')
    const fixed = new Map(files)
    if (isVersion) fixed.set('web/track.yaml', (fixed.get('web/track.yaml') ?? '').replace(/^version: .*/m, field))
    else fixed.set('web/skills/keyboard-use.yaml', `${field}\nresources: [html-standard]\n`)
    const { findings } = await readFolder(write(t.testdir(), fixed))
    t.equal(findings.length > 0, line.startsWith('-'), line)
  }
})

t.test('mistakes are printed as docs/authors.md shows them', async t => {
  const folder = write(t.testdir(), new Map(files).set('web/skills/links.yaml', linksMistaken))
  const { findings } = await readFolder(folder)
  t.ok(
    guide.includes(`\`\`\`text\n${printFindings(findings).replaceAll(`${folder}/`, '')}\`\`\``),
    printFindings(findings),
  )
})

t.test('the Markdown of docs/authors.md has no mistakes and is rendered as it says', async t => {
  const [, example = ''] = /^```markdown\n(.*?)^```$/ms.exec(guide) ?? []
  const notes = `\nnotes: |\n${example.replaceAll(/^(?=.)/gm, '  ')}`
  const links = files.find(([path]) => path === 'web/skills/links.yaml')?.[1].trimEnd()
  const { tracks, findings } = await readFolder(
    write(t.testdir(), new Map(files).set('web/skills/links.yaml', `${links}${notes}`)),
  )
  t.same(findings, [])
  const html = markdown(tracks[0]?.document.skills.find(({ slug }) => slug === 'links')?.notes ?? '', {
    skillUrl: () => undefined,
    pictureAt: () => undefined,
    headingLevel: 6,
    idPrefix: 'links',
  }).text
  for (const part of [
    '<th align="right">Since</th>',
    '<kbd>Tab</kbd>',
    '<sup class="footnote-ref"><a href="#fn-links-1" id="fnref-links-1">',
    '<summary>The answer</summary>',
    '<input type="checkbox"',
    '<li id="fn-links-1" class="footnote-item">',
  ])
    t.match(html, part)
  const [, listed = ''] = /^- \*\*HTML\*\* may be what GitHub renders: `(.*?)`, with/ms.exec(guide) ?? []
  const names = listed.split(/\s+/)
  t.ok(names.length > 50)
  for (const name of names) t.ok(startsHarmless(`<${name}>`), name)
})
