import t, { type Test } from 'tap'
import { plainText } from '../../src/text/html.ts'
import { trackSvg } from '../../src/web/track/track-svg.ts'
import { documentOf, testApp } from '../fixtures/app.ts'
import { hostileApp } from '../fixtures/hostile-track.ts'
import { served } from '../fixtures/served.ts'

const wholeTrack = async (t: Test) => {
  const { app, catalog } = await testApp(t)
  const document = await catalog.document('python')
  if (document === undefined) throw new Error('the track is missing')
  return { app, document }
}

const decode = (text: string): string => text.replaceAll('&#39;', "'").replaceAll('&amp;', '&')

t.test('the SVG roadmap shows the requested tiers', async t => {
  const { app, document } = await wholeTrack(t)
  const response = await app.inject('/tracks/python.svg?tier=senior,beginner')
  t.equal(response.headers['content-type'], 'image/svg+xml; charset=utf-8')
  t.match(response.headers['content-security-policy'], /^default-src 'none'; style-src 'sha256-/)
  t.notMatch(response.body, /<script|<foreignObject|href=|url\(|@import/)
  const description = decode(/<desc id="desc">(.*)<\/desc>/.exec(response.body)?.[1] ?? '')
  const wanted = document.skills.filter(({ tier }) => tier !== 'intermediate')
  t.same(
    wanted.filter(({ title }) => !description.includes(plainText(title))),
    [],
  )
  t.notMatch(description, 'Type Hints')
  t.match(response.body, '>Advanced</text>')
  t.match(response.body, '>Start</text>')
  t.notMatch(response.body, '>Intermediate</text>')
  t.equal((await app.inject('/tracks/python.svg?tier=beginner&tier=senior')).headers.etag, response.headers.etag)
  const whole = await app.inject('/tracks/python.svg')
  t.match(whole.body, 'Type Hints')
  t.match(whole.body, /<rect class="milestone"/, 'projects are milestones')
  t.equal(trackSvg(document), whole.body)
  t.equal(trackSvg(structuredClone(document)), whole.body, 'the same document gives the same bytes')
})

t.test('with a target the SVG shows the path to it', async t => {
  const { app } = await wholeTrack(t)
  const response = await app.inject('/tracks/python.svg?to=decorators')
  t.match(response.body, '<title id="title">Your path to Decorators</title>')
  t.match(response.body, /Step 1: Python Syntax and REPL \(Beginner\)\. Step 2: /)
  t.match(response.body, /data-from="lambdas" data-to="decorators"/)
  t.notMatch(response.body, /<script|<foreignObject|href=|url\(|@import/)
  t.equal((await app.inject('/tracks/python.svg?to=Decorators')).headers.etag, response.headers.etag)
  const long = await app.inject('/tracks/python.svg?to=architectural-leadership')
  t.match(long.body, 'width="480"', 'a long path has one card a row')
})

t.test('the images are mirrored in languages from right to left', async t => {
  const document = await served(
    t,
    documentOf(
      { slug: 'rtl', title: 'بايثون', language: 'ar' },
      {
        category: [{ slug: 'c', title: 'أساسيات' }],
        skill: [
          { slug: 'a', title: 'المتغيرات', category: 'c', tier: 'beginner' },
          { slug: 'b', title: 'Functions', category: 'c', tier: 'beginner', prerequisites: ['a'] },
        ],
        project: [{ slug: 'p', title: 'مدونة', tier: 'beginner', code: 'P1', skills: ['b'] }],
      },
    ),
  )
  const svg = trackSvg(document)
  t.match(svg, ' direction="rtl">')
  t.match(svg, '<text class="title" x="884" y="66">بايثون</text>')
  t.match(svg, / direction="ltr">Functions<\/text>/)
  const steps = document.skills.map((skill, index) => ({ ...skill, unlocks: index === 0 ? ['rtl.b'] : [] }))
  const targets = [{ noun: 'skill', name: 'b', key: 'rtl.b', title: 'Functions' } as const]
  const path = trackSvg(document, { path: { targets, steps } })
  t.match(path, 'scale(-1 1)')
  t.match(path, /class="title" x="444"/)
})

t.test('no line of the SVG roadmap is wider than its pill, also in languages without spaces', async t => {
  const skill = { slug: 'a', title: 'あ'.repeat(120), category: 'c', tier: 'beginner' }
  const svg = trackSvg(await served(t, documentOf({ slug: 'a' }, { category: [{ slug: 'c' }], skill: [skill] })))
  const lines = [...svg.matchAll(/>(あ+)<\/text>/g)].map(([, line]) => line ?? '')
  t.equal(lines.join('').length, 120)
  t.ok(lines.every(line => line.length * 13 <= 600))
  t.match(trackSvg(await served(t, documentOf({ slug: 'a' }, {}))), '0 skills · 0 areas')
})

t.test('titles that break careless output are escaped in the images', async t => {
  const { app, whole } = await hostileApp(t)
  for (const svg of [trackSvg(whole), (await app.inject('/tracks/hostile.svg?to=forbidden')).body]) {
    t.match(svg, '<svg')
    t.notMatch(svg, /<script|<b>|<T>|\uffff/)
  }
})

for (const [query, message] of [
  ['tier=advanced', '"tier" cannot be "advanced": use "senior" for that tier.'],
  ['tier=wizard', '"tier" cannot be "wizard": it must be one of beginner, intermediate, senior.'],
  ['teir=senior', 'There is no parameter "teir" here. Did you mean "tier"?'],
  ['to=decoratrs', 'There is no skill or project called "decoratrs" in python. Did you mean "decorators"?'],
  ['to=decorators&tier=senior', '"tier" cannot be combined with "to".'],
] as const)
  t.test(`the picture with ?${query} is rejected with the reason`, async t => {
    const { app } = await testApp(t)
    const response = await app.inject(`/tracks/python.svg?${query}`)
    t.equal(response.statusCode, 400)
    t.equal(response.json<{ detail: string }>().detail, message)
  })
