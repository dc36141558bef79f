import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { cache } from './data.ts'
import { figureRows, isReached } from './figure.ts'
import { startGenerator } from './load/generator.ts'
import { describeMachine } from './machine.ts'
import { figuresOf, type Result, writeReport } from './report.ts'
import type { Bench, Section } from './section.ts'
import { textTable } from './table.ts'
import { answers } from './targets/answers.ts'
import { growth } from './targets/growth.ts'
import { paths } from './targets/paths.ts'
import { stampede } from './targets/stampede.ts'
import { starts } from './targets/starts.ts'
import { workers } from './targets/workers.ts'
import { writes } from './targets/writes.ts'

const measurements: Record<string, (bench: Bench) => Promise<Section[]>> = {
  answers,
  growth,
  starts,
  workers,
  writes,
  stampede,
  paths,
}

const help = `npm run bench -- [options]

  --quick          shorter rounds, at most 100 tracks: under two minutes instead of fifteen
  --only <names>   only these measurements: ${Object.keys(measurements).join(', ')}
  --write <folder> writes benchmarks.md and benchmarks.svg to a folder, such as docs
  --help           shows this help`

const { values: options } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string', default: Object.keys(measurements).join() },
    write: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})

const run = async (): Promise<Result> => {
  const generator = startGenerator()
  const bench: Bench = {
    generator,
    quick: options.quick,
    pace: options.quick ? { rounds: 3, seconds: 0.25, warmUp: 0.15 } : { rounds: 5, seconds: 1.5, warmUp: 1.5 },
    log: text => process.stderr.write(`${text} …\n`),
  }
  const sections: Section[] = []
  for (const name of options.only.split(',')) {
    const measure = measurements[name]
    if (measure === undefined) throw new Error(`There is no measurement "${name}".\n\n${help}`)
    sections.push(...(await measure(bench)))
  }
  generator.stop()
  const command = ['npm run bench', process.argv.slice(2).join(' ')].filter(Boolean).join(' -- ')
  return { date: new Date().toISOString(), command, machine: describeMachine(), sections }
}

if (options.help) console.log(help)
else {
  const result = await run()
  const figures = figuresOf(result)
  for (const { title, rows } of result.sections) console.log(`\n${title}\n\n${textTable(rows)}`)
  console.log(`\nTargets\n\n${textTable(figureRows(figures))}\n`)
  console.log(`${figures.filter(isReached).length} of ${figures.length} targets are reached on this machine.`)
  const file = join(cache, 'result.json')
  writeFileSync(file, JSON.stringify({ ...result, figures }, null, 2))
  console.log(`The result is in ${file}.`)
  if (options.write !== undefined) writeReport(options.write, result)
}
