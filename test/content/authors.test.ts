import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { printFindings } from '../../src/content/findings.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { startsHarmless } from '../../src/text/harmless-html.ts'
import { markdown } from '../../src/web/markdown.ts'

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
    skillAt: () => undefined,
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
