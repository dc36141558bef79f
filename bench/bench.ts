import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { startGenerator } from './load.ts'
import type { Bench } from './measure.ts'
import { createReport } from './report.ts'
import { cluster } from './targets/cluster.ts'
import { growth } from './targets/growth.ts'
import { starts, workers } from './targets/processes.ts'
import { repeated, uncached } from './targets/responses.ts'
import { largeTrack, loading, writes } from './targets/writes.ts'

const measurements: Record<string, (bench: Bench) => Promise<void>> = {
  ...{ repeated, uncached, growth, starts, workers, writes, 'large-track': largeTrack, loading, cluster },
}

const help = `npm run bench -- [options]

  --quick          shorter rounds, at most 100 tracks: two minutes instead of fifteen
  --only <names>   only these measurements: ${Object.keys(measurements).join(', ')}
  --write <folder> writes benchmarks.md to a folder, such as docs
  --help           shows this help`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(measurements).join() },
    write: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const run = async (): Promise<string> => {
  const report = createReport()
  const generator = startGenerator()
  const bench: Bench = {
    report,
    generator,
    quick: options.quick,
    pace: options.quick ? { rounds: 3, seconds: 0.25, warmUp: 0.5 } : { rounds: 5, seconds: 1.5, warmUp: 1.5 },
    log: text => process.stderr.write(`${text} …\n`),
  }
  for (const name of options.only.split(',')) {
    const measure = measurements[name]
    if (measure === undefined) throw new Error(`There is no measurement "${name}".\n\n${help}`)
    await measure(bench)
  }
  generator.stop()
  return report.text(['npm run bench', process.argv.slice(2).join(' ')].filter(Boolean).join(' -- '), new Date())
}

if (options.help) console.log(help)
else {
  const report = await run()
  console.log(report)
  if (options.write !== undefined) writeFileSync(join(options.write, 'benchmarks.md'), report)
}
