import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { printFindings } from '../../src/content/findings.ts'
import { readFolder } from '../../src/content/read-folder.ts'

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
