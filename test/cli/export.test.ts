import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import t from 'tap'
import { addExport } from '../../src/cli/export.ts'
import { exitOnClosedPipe } from '../../src/cli/output.ts'
import { readFolder } from '../../src/content/read-folder.ts'
import { exportTrack } from '../../src/exports/export.ts'
import type { OptionValues } from '../../src/exports/format.ts'
import { formats } from '../../src/exports/formats.ts'
import { openStore } from '../../src/store/open-store.ts'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { documentOf } from '../fixtures/app.ts'
import { createRunner } from '../fixtures/command.ts'
import { setEnvironment } from '../fixtures/environment.ts'
import { main } from '../fixtures/service.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const run = createRunner(addExport)

t.test('a track is exported as one self-contained file', async t => {
  const folder = t.testdir()
  const url = `file:${join(folder, 'curriculum.db')}`
  setEnvironment(t, { DATABASE_URL: url })
  openStore(url).close()
  t.match(await run('export', 'html', '--track', 'demo'), {
    err: 'there is no track called "demo" in the database; load one with "load"',
    code: 1,
  })
  const store = openStore(url)
  await store.catalog.replaceTracks({
    document: documentOf({ slug: 'demo', title: 'Demo' }, { category: [{ slug: 'a' }] }),
  })
  const served = await store.catalog.document('demo')
  store.close()
  if (served === undefined) throw new Error('it was just made')
  t.same(await run('export', 'html', '--track', 'demo'), { out: exportHtml(served), err: '', code: 0 })
  const file = join(folder, 'demo.svg')
  t.same(await run('export', 'svg', '--track', 'demo', '--output', file), { out: `wrote ${file}\n`, err: '', code: 0 })
  t.match(readFileSync(file, 'utf8'), /^<svg/)
  for (const [output, words] of [
    [folder, 'it is a folder, and the name of a file is expected'],
    [`${folder}/nowhere/demo.svg`, 'its folder does not exist'],
    [`${file}/demo.svg`, 'a folder in its path is a file'],
    [`${folder}/${'x'.repeat(300)}`, 'system error ENAMETOOLONG'],
  ] as const)
    t.same(await run('export', 'svg', '--track', 'demo', '--output', output), {
      out: '',
      err: `error: ${output} cannot be read or written: ${words}\n`,
      code: 1,
    })
  // Not every system has a file that is a full disk.
  if (existsSync('/dev/full'))
    t.match(await run('export', 'svg', '--track', 'demo', '--output', '/dev/full'), {
      err: 'error: the file cannot be read or written: the disk is full',
      code: 1,
    })
  t.match(await run('export', 'html', '--track', 'dmeo'), { out: '', err: 'Did you mean "demo"?', code: 1 })
  process.env.DATABASE_URL = 'postgres://somewhere'
  await t.rejects(run('export', 'html', '--track', 'demo'), { message: /^DATABASE_URL must be / })
  t.match(await run('export', 'pdf', '--track', 'demo'), {
    err: 'Allowed choices are html, svg, files, moodle.csv, ',
    code: 1,
  })
})

t.test('a track is exported in every format, from the database or from files, as it is served', async t => {
  const folder = t.testdir({ tracks: { python: smallTrack() } })
  const url = `file:${join(folder, 'curriculum.db')}`
  setEnvironment(t, { DATABASE_URL: url, PUBLIC_URL: undefined })
  const store = openStore(url)
  await store.catalog.replaceTracks(...(await readFolder(join(folder, 'tracks'))).tracks)
  const served = await store.catalog.document('python')
  const cursor = await store.catalog.latestCursor()
  if (served === undefined) throw new Error('it was just made')
  const chunks = async (name: string, options: OptionValues) => {
    const format = formats.find(one => one.name === name)
    if (format === undefined) throw new Error(name)
    return Buffer.concat([...(await exportTrack(store.catalog, served, format, options, 'http://localhost:3000'))])
  }
  const track = ['--track', 'python']
  for (const [name, options, parsed] of [
    ['moodle.csv', ['--by', 'category', '--idnumber', 'other'], { by: 'category', idnumber: 'other' }],
    ['markdown', ['--checklist', '--tier', 'beginner,senior'], { checklist: 'true', tier: 'beginner,senior' }],
    ['markdown', ['--checklist', 'false', '--category', 'language'], { category: 'language' }],
    ['csv', ['--bom', '--source', 'guide'], { bom: 'true', source: 'guide' }],
    ['ob3-alignments.json', [], {}],
    ['yaml', [], {}],
  ] as const)
    t.same(await run('export', name, ...track, ...options), {
      out: (await chunks(name, parsed)).toString(),
      err: '',
      code: 0,
    })
  t.same(await run('export', 'canvas.csv', ...track, '--since', '0'), {
    out: (await chunks('canvas.csv', { since: '0' })).toString(),
    err: `--since ${cursor} writes what has changed after this\n`,
    code: 0,
  })
  const file = join(folder, 'python.imscc')
  t.same(await run('export', 'cartridge.imscc', ...track, '--version', '1.3', '--output', file), {
    out: `wrote ${file}\n`,
    err: '',
    code: 0,
  })
  t.ok(readFileSync(file).equals(await chunks('cartridge.imscc', { version: '1.3' })))
  store.close()
  for (const from of [join(folder, 'tracks'), join(folder, 'tracks', 'python')]) {
    t.match(await run('export', 'canvas.csv', ...track, '--from', from), { out: /^vendor_guid/, err: '', code: 0 })
    const document = JSON.parse((await run('export', 'json', ...track, '--from', from)).out)
    t.equal(document.skills[0].updatedAt, '1970-01-01T00:00:00.000Z', 'files do not say when')
    t.same(
      document.skills.map(({ key }: { key: string }) => key),
      served.skills.map(({ key }) => key),
    )
  }
})

t.test('an option that a format does not accept is rejected with the accepted ones', async t => {
  const folder = t.testdir({ tracks: { python: smallTrack() }, none: {} })
  setEnvironment(t, { DATABASE_URL: `file:${join(folder, 'curriculum.db')}`, PUBLIC_URL: 'https://example.org' })
  const from = ['--track', 'python', '--from', join(folder, 'tracks')]
  for (const [args, err] of [
    [['svg', ...from, '--tier', 'senior'], 'svg does not accept --tier\n'],
    [['files', ...from], 'files are written from the database: leave out --from\n'],
    [['files', ...from, '--bom'], 'files does not accept --bom\n'],
    [['mermaid', ...from, '--bom'], 'mermaid does not accept --bom: it accepts --tier, --category, --source\n'],
    [['csv', ...from, '--tier', 'advanced'], '"tier" cannot be "advanced": use "senior" for that tier.\n'],
    [['csv', ...from, '--bom', 'yes'], '"bom" cannot be "yes": it must be one of false, true.\n'],
    [['moodle.csv', ...from, '--by', 'plan'], '"by" cannot be "plan": it must be one of tier, category.\n'],
    [
      ['canvas.csv', ...from, '--since', '3'],
      'files have no times of changes: --since needs the database, without --from\n',
    ],
    [['cartridge.imscc', ...from], 'cartridge.imscc is a binary format: name a file with --output\n'],
    [
      ['json', '--track', 'pyhton', '--from', join(folder, 'tracks')],
      `there is no track called "pyhton" in ${folder}/tracks. Did you mean "python"?\n`,
    ],
    [
      ['json', '--track', 'python', '--from', join(folder, 'none')],
      `there is no track without mistakes in ${folder}/none; "validate" shows what is wrong\n`,
    ],
  ] as const)
    t.same(await run('export', ...args), { out: '', err: `error: ${err}`, code: 1 }, args.join(' '))
  t.match(
    (await run('export', 'ob3-alignments.json', ...from)).out,
    '"targetUrl":"https://example.org/ims/case/v1p1/CFItems/',
  )
})

t.test('an export ends silently when the reader closes the pipe', async t => {
  const folder = t.testdir({ tracks: { python: smallTrack() } })
  const child = spawn(process.execPath, [main, 'export', 'html', '--track', 'python', '--from', `${folder}/tracks`], {
    env: { ...process.env, DATABASE_URL: `file:${folder}/curriculum.db` },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  child.stdout.destroy()
  const [[code], err] = await Promise.all([once(child, 'close'), text(child.stderr)])
  t.same({ code, err }, { code: 0, err: '' })
  const full = Object.assign(new Error('no space left'), { code: 'ENOSPC' })
  t.throws(() => exitOnClosedPipe(full), full, 'all else that goes wrong is said')
})
