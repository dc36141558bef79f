import { gzipSync } from 'node:zlib'
import t from 'tap'
import { emptyApp } from '../fixtures/app.ts'
import { largeTrack } from '../fixtures/large-track.ts'

for (const [skills, limits] of [
  [250, { open: true, kilobytes: 160, compressed: 30, elements: 1_400 }],
  [310, { open: false, kilobytes: 185, compressed: 34, elements: 1_700 }],
  [5_000, { open: false, kilobytes: 2_200, compressed: 320, elements: 22_000 }],
] as const)
  t.test(
    `the overview of ${skills} skills has titles in areas, ${limits.open ? 'open' : 'closed'} at first`,
    async t => {
      const { app, load } = await emptyApp(t)
      await load(largeTrack(skills))
      const { body } = await app.inject('/tracks/large')
      const elements = body.match(/<[a-z]/g)?.length ?? 0
      t.equal(body.match(/<li data-skill=/g)?.length, skills)
      t.equal(/<details class="area"[^>]* open>/.test(body), limits.open)
      t.equal(/<details class="area"[^>]*"(?! open)>/.test(body), !limits.open)
      t.ok(body.length < limits.kilobytes * 1000, `${body.length} bytes`)
      t.ok(gzipSync(body).length < limits.compressed * 1000, `${gzipSync(body).length} bytes compressed`)
      t.ok(elements < limits.elements, `${elements} elements`)
    },
  )
