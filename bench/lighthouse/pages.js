// Measures the pages of the shipped track with Lighthouse, as on a phone with a slow connection (its default settings).
// A package of its own, since Lighthouse brings 114 packages that nothing else needs.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { launch } from 'chrome-launcher'
import lighthouse from 'lighthouse'

const paths = process.argv.slice(2)
const pages =
  paths.length > 0
    ? paths
    : ['', 'tracks/python', 'tracks/python?to=decorators', 'tracks/python/skills/decorators', 'search?q=regex']
const categories = ['performance', 'accessibility', 'best-practices', 'seo']

const project = fileURLToPath(new URL('../..', import.meta.url))
const chromePath = process.env.CHROME_PATH ?? ['/usr/bin/chromium', '/usr/bin/google-chrome'].find(existsSync)

const freePort = async () => {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address()
  server.close()
  return port
}

/** Starts the service with the shipped track. */
const start = async folder => {
  const port = await freePort()
  const service = spawn(process.execPath, ['src/main.js', 'serve'], {
    cwd: project,
    env: {
      ...process.env,
      PORT: String(port),
      DATABASE_URL: `file:${join(folder, 'curriculum.db')}`,
      DRAIN_SECONDS: '0',
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  const origin = `http://localhost:${port}`
  while (!(await fetch(`${origin}/readyz`).catch(() => undefined))?.ok) {
    if (service.exitCode !== null) throw new Error('the service did not start')
    await sleep(100)
  }
  return { origin, stop: () => service.kill() }
}

/** Measures a page once. */
const measure = async (url, port) => {
  const { lhr } = await lighthouse(url, { port, onlyCategories: categories, logLevel: 'error' })
  const failed = Object.values(lhr.audits).filter(
    ({ score, scoreDisplayMode }) => score !== null && score < 0.9 && scoreDisplayMode === 'binary',
  )
  return {
    scores: categories.map(name => Math.round(lhr.categories[name].score * 100)),
    lcp: lhr.audits['largest-contentful-paint'].numericValue,
    shift: lhr.audits['cumulative-layout-shift'].numericValue,
    blocking: lhr.audits['total-blocking-time'].numericValue,
    failed: failed.map(({ id }) => id),
  }
}

const median = values => values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]

/** The size of a page: bytes of HTML, and bytes as compressed with gzip and Brotli. */
const sizeOf = async url => {
  const plain = await fetch(url, { headers: { 'accept-encoding': 'identity' } })
  const html = Buffer.byteLength(await plain.text())
  // The second response in an encoding is compressed strongly. Chromium gets Brotli.
  const size = async encoding => {
    for (let request = 0; request < 2; request += 1) {
      await fetch(url, { headers: { 'accept-encoding': encoding } })
      await sleep(1_000)
    }
    const { headers } = await fetch(url, { method: 'HEAD', headers: { 'accept-encoding': encoding } })
    return Number(headers.get('content-length'))
  }
  return { html, gzip: await size('gzip'), brotli: await size('br') }
}

const folder = mkdtempSync(join(tmpdir(), 'lighthouse-'))
const service = await start(folder)
const chrome = await launch({ chromePath, chromeFlags: ['--headless=new', '--no-sandbox', '--disable-gpu'] })
try {
  console.log(
    '| page | performance | accessibility | best practices | SEO | LCP ms | CLS | TBT ms | HTML kB | gzip kB | Brotli kB | failed |',
  )
  console.log('| :--- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | :--- |')
  for (const path of pages) {
    const url = `${service.origin}/${path}`
    const { html, gzip, brotli } = await sizeOf(url)
    const runs = []
    for (let run = 0; run < 3; run += 1) runs.push(await measure(url, chrome.port))
    const scores = categories.map((_, index) => median(runs.map(run => run.scores[index])))
    const [lcp, shift, blocking] = ['lcp', 'shift', 'blocking'].map(name => median(runs.map(run => run[name])))
    console.log(
      `| /${path} | ${scores.join(' | ')} | ${Math.round(lcp)} | ${shift.toFixed(3)} | ${Math.round(blocking)} | ${Math.round(html / 1000)} | ${Math.round(gzip / 1000)} | ${Math.round(brotli / 1000)} | ${[...new Set(runs.flatMap(run => run.failed))].join(', ')} |`,
    )
  }
} finally {
  await chrome.kill()
  service.stop()
  await sleep(500)
  rmSync(folder, { recursive: true })
}
