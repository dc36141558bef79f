import t, { type Test } from 'tap'
import { createTrackView } from '../../src/web/content/track-view.ts'
import { layOutInLanes } from '../../src/web/graph/lane-layout.ts'
import { layOutInLayers } from '../../src/web/graph/layer-layout.ts'
import { findNeighbourhood, neighbourhoodGraph } from '../../src/web/graph/neighbourhood-graph.ts'
import { edgesAmong, type GraphLayout, type PrerequisiteGraph } from '../../src/web/graph/prerequisite-graph.ts'
import { directionOfText, textWidth, wrapText } from '../../src/web/graph/text-lines.ts'
import { createLinks } from '../../src/web/page/links.ts'
import { documentOf, testApp } from '../fixtures/app.ts'
import { hostileApp, hostileTitles } from '../fixtures/hostile-track.ts'
import { served } from '../fixtures/served.ts'

/** Returns numbers from 0 to 1 that depend on the seed alone (mulberry32). */
const randomNumbers = (seed: number) => {
  let state = seed
  return (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const titles = Object.values(hostileTitles)

/** A graph in which each skill needs up to `most` of the skills before it. */
const randomGraph = (seed: number, count: number, most: number): PrerequisiteGraph => {
  const random = randomNumbers(seed)
  const skills = Array.from({ length: count }, (_, index) => ({
    key: `track.skill-${index}`,
    prerequisites: [
      ...new Set(
        Array.from({ length: index === 0 ? 0 : Math.floor(random() * (most + 1)) }, () => Math.floor(random() * index)),
      ),
    ].map(before => `track.skill-${before}`),
  }))
  return {
    cards: skills.map(({ key }, index) => ({
      key,
      slug: key.slice(6),
      title: titles[Math.floor(random() * titles.length)] ?? '',
      tier: 'beginner',
      href: '#',
      step: index + 1,
      isGoal: false,
      label: key,
    })),
    edges: edgesAmong(skills),
  }
}

/** Tests what holds for every layout of a graph. */
const checkLayout = (t: Test, graph: PrerequisiteGraph, layout: GraphLayout, name: string): void => {
  const names = ({ edges }: Pick<GraphLayout | PrerequisiteGraph, 'edges'>) =>
    edges.map(({ from, to }) => `${from} ${to}`).sort()
  t.same(names(layout), names(graph), `${name}: every edge is drawn once`)
  t.same(
    layout.cards.map(({ card }) => card.key),
    graph.cards.map(({ key }) => key),
    `${name}: every skill is drawn once, in order`,
  )
  const overlapping = layout.cards.filter((a, index) =>
    layout.cards
      .slice(index + 1)
      .some(b => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height),
  )
  t.same(overlapping, [], `${name}: no cards overlap`)
  t.ok(
    layout.cards.every(
      ({ x, y, width, height }) => x >= 0 && y >= 0 && x + width <= layout.width && y + height <= layout.height,
    ),
    `${name}: all cards are within the drawing`,
  )
  const top = new Map(layout.cards.map(({ card, y }) => [card.key, y]))
  t.ok(
    graph.edges.every(({ from, to }) => Number(top.get(from)) < Number(top.get(to))),
    `${name}: each skill is below its prerequisites`,
  )
  t.ok(
    layout.cards.every(({ lines, width }) => lines.every(line => textWidth(line, 14) <= width - 19)),
    `${name}: every title is within its card`,
  )
  t.notMatch(layout.edges.map(({ path }) => path).join(), /NaN|undefined|Infinity/)
}

for (const [seed, count, most] of [
  [1, 1, 0],
  [2, 5, 2],
  [3, 14, 3],
  [4, 40, 2],
  [5, 40, 6],
  [7, 80, 8],
  [6, 100, 3],
] as const)
  t.test(`a random graph of ${count} skills with up to ${most} prerequisites is laid out`, async t => {
    const graph = randomGraph(seed, count, most)
    checkLayout(t, graph, layOutInLanes(graph), 'lanes')
    const layers = layOutInLayers(graph, { maxWidth: Number.POSITIVE_INFINITY, cardsInRow: 4 })
    t.equal(layers === undefined, count > 80, 'more cards would take long')
    if (layers === undefined) return
    checkLayout(t, graph, layers, 'layers')
    const rows = Map.groupBy(layers.cards, ({ y }) => y)
    t.ok([...rows.values()].every(row => row.length <= 4))
    for (const maxWidth of [layers.width - 1, 100])
      t.equal(layOutInLayers(graph, { maxWidth, cardsInRow: 4 }), undefined, 'it would be too wide')
  })

t.test('a long text is broken between words, within words where it must be, and ends with an ellipsis', async t => {
  t.same(wrapText('one two three', 60, 14), ['one two', 'three'])
  t.same(wrapText('one two three four', 60, 14, 2), ['one two', 'three…'])
  t.same(wrapText('three hundred', 45, 14, 2), ['three', 'hun…'])
  t.same(wrapText('Auszeichnungssprachen', 100, 14), ['Auszeichnun-', 'gssprachen'])
  const cut = wrapText('👩‍👩‍👧'.repeat(20), 100, 14)
  t.equal(cut.join(''), '👩‍👩‍👧'.repeat(20))
  t.ok(
    cut.every(line => line.startsWith('👩‍👩‍👧')),
    'no joined emoji is split',
  )
})

t.test('the direction of a text is that of its first letter', async t => {
  t.equal(directionOfText('12 مرحبا'), 'rtl')
  t.equal(directionOfText('עברית and English'), 'rtl')
  t.equal(directionOfText('English and עברית'), 'ltr')
  t.equal(directionOfText('12'), 'ltr')
})

const track = (more = {}) =>
  documentOf(
    { slug: 'demo', ...more },
    {
      category: [{ slug: 'c' }],
      skill: [
        { slug: 'root', title: 'Root', tier: 'beginner' },
        { slug: 'left', title: '`Left`', tier: 'beginner', prerequisites: ['root'] },
        { slug: 'right', title: 'Right', tier: 'beginner', prerequisites: ['root'] },
        { slug: 'goal', title: 'A & B', tier: 'senior', prerequisites: ['left', 'right'] },
        { slug: 'after', title: 'After', tier: 'senior', prerequisites: ['goal', 'left'] },
        { slug: 'alone', title: 'Alone', tier: 'senior' },
      ].map(skill => ({ category: 'c', ...skill })),
    },
  )

t.test('a neighbourhood shows prerequisites and dependents as links, and the skill itself without one', async t => {
  const document = await served(t, track())
  const view = createTrackView(document, createLinks('tracks/demo/skills/goal', 'demo'))
  const graph = new Map(document.skills.map((skill, order) => [skill.key, { ...skill, order }]))
  const draw = (slug: string) => {
    const skill = view.skill(`demo.${slug}`)
    return skill && neighbourhoodGraph(view, skill, findNeighbourhood(graph, skill.key))?.text
  }
  const html = draw('goal') ?? ''
  t.equal(draw('alone'), undefined)
  const layers = html.slice(html.indexOf('class="layers"'), html.indexOf('class="lanes"'))
  t.equal(layers.match(/data-from/g)?.length, 6, 'every edge among them')
  t.match(
    layers,
    '<a class="card" href="../../../tracks/demo/skills/left" data-node="left" data-tier="beginner" aria-label="Left (Beginner)">',
  )
  t.match(
    layers,
    '<g class="card goal" data-node="goal" data-tier="senior" role="img" aria-label="A &amp; B (Advanced)">',
  )
  t.notMatch(html, /more skill/)
})

t.test('a neighbourhood of a skill with many others is bounded, and the rest is counted', async t => {
  const { catalog } = await testApp(t)
  const graph = await catalog.graph('python')
  for (const key of graph.keys()) {
    const { keys, moreBefore, moreAfter } = findNeighbourhood(graph, key)
    t.ok(keys.length <= 15 && keys.includes(key))
    t.ok(keys.every((one, index) => graph.get(one)?.prerequisites.every(before => keys.indexOf(before) < index)))
    const dependents = [...graph.values()].filter(({ prerequisites }) => prerequisites.includes(key))
    t.ok(keys.length + moreBefore + moreAfter > dependents.length)
  }
  const document = await catalog.document('python')
  if (document === undefined) throw new Error('the track is missing')
  const view = createTrackView(document, createLinks('tracks/python/skills/decorators', 'python'))
  const skill = view.skill('python.functions')
  const html = skill && neighbourhoodGraph(view, skill, findNeighbourhood(graph, skill.key))
  t.match(html?.text, /\d+ more skills build on it\./)
  const last = view.skill('python.architectural-leadership')
  const far = last && neighbourhoodGraph(view, last, findNeighbourhood(graph, last.key))
  t.match(
    far?.text,
    /\d+ more skills come before these\. <a href="..\/..\/..\/tracks\/python\?to=architectural-leadership#path">Show the whole path<\/a>/,
  )
})

t.test('a graph in a language from right to left is mirrored, with each title in its own direction', async t => {
  const document = await served(t, track({ language: 'ar' }))
  const view = createTrackView(document, createLinks('tracks/demo/skills/goal', 'demo'))
  const graph = new Map(document.skills.map((skill, order) => [skill.key, { ...skill, order }]))
  const skill = view.skill('demo.goal')
  const html = skill && neighbourhoodGraph(view, skill, findNeighbourhood(graph, skill.key))
  t.match(html?.text, /transform="translate\(\d+\) scale\(-1 1\)"/)
  t.match(html?.text, / direction="ltr" text-anchor="end">Right<\/text>/)
})

t.test('titles that break careless output are escaped', async t => {
  const { whole: document } = await hostileApp(t)
  const view = createTrackView(document, createLinks('tracks/hostile/skills/script', 'hostile'))
  const graph = new Map(document.skills.map((skill, order) => [skill.key, { ...skill, order }]))
  for (const skill of document.skills) {
    const html = neighbourhoodGraph(view, skill, findNeighbourhood(graph, skill.key))?.text ?? ''
    t.match(html, '<figure')
    t.notMatch(html, /<script|<b>|alert\(1\)<\/script>/)
  }
})
