import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startable, wayTo } from '../src/http/learning.ts'
import { check } from '../src/model/check.ts'
import { type Document, emptyDocument } from '../src/model/document.ts'
import { draftSchema } from '../src/model/draft.ts'
import { nextAfter, pathTo } from '../src/model/path.ts'
import { tiers } from '../src/model/vocabulary.ts'
import { openDatabase } from '../src/store/better-sqlite3.ts'
import { openCatalog } from '../src/store/catalog.ts'

/** How long it takes to find a way through 10,000 skills in chains of 100, with and without fetching the skills themselves. */
const skills = 10_000
const chain = 100

const measure = async (name: string, rounds: number, work: () => unknown): Promise<void> => {
  const times: number[] = []
  for (let round = 0; round < rounds; round++) {
    const start = performance.now()
    await work()
    times.push(performance.now() - start)
  }
  times.sort((a, b) => a - b)
  const at = (share: number) => (times[Math.floor(share * (times.length - 1))] ?? 0).toFixed(2).padStart(8)
  console.log(`${name.padEnd(58)} median ${at(0.5)} ms   p99 ${at(0.99)} ms   (${rounds} rounds)`)
}

/** Each skill needs the one before it in its chain, and every seventh one of the chain before: deterministic. */
const bigTrack = (): Document => {
  const [track, category, skill] = [draftSchema('track'), draftSchema('category'), draftSchema('skill')]
  const document = emptyDocument(track.parse({ slug: 'big', title: 'Big' }))
  document.categories = Array.from({ length: 100 }, (_, index) =>
    category.parse({ slug: `c-${index}`, title: `Category ${index}` }),
  )
  document.skills = Array.from({ length: skills }, (_, index) => {
    const before = [
      ...(index % chain === 0 ? [] : [`s-${index - 1}`]),
      ...(index % 7 === 0 && index > chain ? [`s-${index - chain - 1}`] : []),
    ]
    const tier = tiers[Math.floor(((index % chain) * tiers.length) / chain)]
    return skill.parse({
      slug: `s-${index}`,
      title: `Skill ${index}`,
      category: `c-${Math.floor(index / chain)}`,
      tier,
      prerequisites: [...new Set(before)],
    })
  })
  return document
}

const directory = mkdtempSync(join(tmpdir(), 'curriculum-bench-'))
const database = openDatabase(join(directory, 'bench.db'))
try {
  const catalog = openCatalog(database)
  const { document, mistakes } = check(bigTrack(), () => undefined)
  if (mistakes.length > 0) throw new Error(mistakes[0]?.message)
  await measure(`load ${skills} skills`, 1, () => catalog.replace({ document }))
  await measure('read the graph (once a revision)', 1, () => catalog.graph('big'))
  const graph = await catalog.graph('big')
  const last = `big.s-${skills - 1}`
  const known = new Set([...graph.keys()].filter((_, index) => index % 2 === 0))
  const steps = pathTo(graph, [last], new Set()).length
  await measure(`path of ${steps} skills, nothing known`, 200, () => pathTo(graph, [last], new Set()))
  await measure('path to the end of the first chain (100 skills)', 200, () => pathTo(graph, ['big.s-99'], new Set()))
  await measure(`next, ${known.size} known`, 200, () => nextAfter(graph, known, () => true))
  await measure('path of 100 skills with the skills themselves', 100, () => wayTo(catalog, 'big', ['s-99'], []))
  await measure('next of one category with the skills themselves', 100, () =>
    startable(catalog, 'big', ['s-0'], { category: ['big.c-0'] }),
  )
} finally {
  database.close()
  rmSync(directory, { recursive: true })
}
