import { learningPath, nextSkills } from '../../src/model/path.ts'
import { findLearningPath, findNextSkills } from '../../src/query/learning-paths.ts'
import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { chainsDatabase, chainsTrack } from '../chains.ts'
import type { Bench, Section } from '../section.ts'
import { percentile } from '../statistics.ts'

/** Without a target: learning paths through 10,000 skills in chains of 100, with and without loading the skills. */
export const paths = async ({ quick, log }: Bench): Promise<Section[]> => {
  log('paths')
  const rows = [['', 'median ms', 'p99 ms', 'rounds']]
  const measure = async (name: string, rounds: number, work: () => unknown) => {
    const times: number[] = []
    for (let round = 0; round < (quick ? Math.min(rounds, 20) : rounds); round++) {
      const start = performance.now()
      await work()
      times.push(performance.now() - start)
    }
    rows.push([name, percentile(times, 0.5).toFixed(2), percentile(times, 0.99).toFixed(2), String(times.length)])
  }
  const database = openDatabase(await chainsDatabase())
  try {
    const catalog = openCatalog(database)
    await measure('read the graph (once per revision)', 1, () => catalog.graph(chainsTrack))
    const graph = await catalog.graph(chainsTrack)
    const last = [...graph.keys()].at(-1) as string // the track has skills
    const known = new Set([...graph.keys()].filter((_, index) => index % 2 === 0))
    const steps = learningPath(graph, [last], new Set()).length
    await measure(`path of ${steps} skills, nothing known`, 200, () => learningPath(graph, [last], new Set()))
    await measure('path to the end of the first chain (100 skills)', 200, () =>
      learningPath(graph, [`${chainsTrack}.skill-99`], new Set()),
    )
    await measure(`next, ${known.size} known`, 200, () => nextSkills(graph, known, () => true))
    await measure('path of 100 skills with the skills loaded', 100, () =>
      findLearningPath(catalog, chainsTrack, ['skill-99'], []),
    )
    await measure('next of one category with the skills loaded', 100, () =>
      findNextSkills(catalog, chainsTrack, ['skill-0'], { category: [`${chainsTrack}.category-0`] }),
    )
  } finally {
    database.close()
  }
  return [{ title: 'Learning paths through 10,000 skills', rows, figures: [] }]
}
