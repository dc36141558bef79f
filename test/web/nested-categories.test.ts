import t from 'tap'
import { exportHtml } from '../../src/web/track/track-page.ts'
import { trackSvg } from '../../src/web/track/track-svg.ts'
import { nestedTrack } from '../fixtures/nested-track.ts'
import { served } from '../fixtures/served.ts'

t.test('in a stage a category stands within its parent, with a heading one level lower', async t => {
  const html = exportHtml(await served(t, nestedTrack()))
  const stages = html.slice(html.indexOf('id="stages"'), html.indexOf('class="finish"'))
  t.same(
    [...stages.matchAll(/<h(\d)[^>]*>(?:<a href="#category-\w+">)?([^<]*)/g)].map(([, level, title]) => [
      Number(level),
      title,
    ]),
    [
      [2, 'Beginner'],
      [3, 'Markup'],
      [4, 'Forms'],
      [5, 'Dates'],
      [4, 'Tables'],
      [3, 'Style'],
      [4, 'Layout'],
      [2, 'Advanced'],
      [3, 'Markup'],
      [4, 'Forms'],
    ],
  )
})

t.test('on the page the entry of a category links to those that it is a part of, and lists show its place', async t => {
  const html = exportHtml(await served(t, nestedTrack()))
  const entry = html.slice(html.indexOf('id="category-dates"')).split('</div>')[0]
  t.match(entry, 'Part of <a href="#category-markup">Markup</a> › <a href="#category-forms">Forms</a></p>')
  t.match(html, '<option value="markup">Markup</option>')
  t.match(html, '<option value="dates">\u00a0\u00a0\u00a0\u00a0Dates</option>')
})

t.test('the image has a row for each category above one with skills, and indents names by their level', async t => {
  const document = await served(t, nestedTrack())
  const names = (svg: string) =>
    [...svg.matchAll(/<text class="name" x="(\d+)" y="[\d.]+">(Markup|Forms|Dates|Tables|Style|Layout)</g)].map(
      ([, x, title]) => [title, Number(x)],
    )
  const svg = trackSvg(document, { tiers: ['beginner'] })
  t.same(names(svg), [
    ['Markup', 104],
    ['Forms', 118],
    ['Dates', 132],
    ['Tables', 118],
    ['Style', 104],
    ['Layout', 118],
  ])
  t.match(svg, /Beginner, Layout: Grid\.<\/desc>/)
  t.same(names(trackSvg(document, { tiers: ['senior'] })), [
    ['Markup', 104],
    ['Forms', 118],
  ])
})
