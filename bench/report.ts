import { createRequire } from 'node:module'
import { cpus, release, totalmem, type } from 'node:os'
import { markdownTable } from 'markdown-table'
import type { Measured } from './measure.ts'

/** A measured value. */
export interface Figure {
  value: number
  unit: string
  /** The base of the value, such as `CPU`, where it needs one. */
  by?: string
}

/** Collects the targets with their values, and the tables of all values. */
export const createReport = () => {
  const targets = [['target', 'figure', 'wanted', 'measured by', 'reached']]
  const sections: { title: string; rows: string[][] }[] = []
  // NaN, a value that could not be measured, reaches no target.
  const add = (name: string, { value, unit, by = '' }: Figure, wanted: string, reached: boolean): number =>
    targets.push([name, `${formatted(value)} ${unit}`, wanted, by, reached ? 'yes' : 'NO'])
  return {
    /** Adds a target. */
    atLeast: (name: string, figure: Figure, least: number) => add(name, figure, `≥ ${least}`, figure.value >= least),
    atMost: (name: string, figure: Figure, most: number) => add(name, figure, `≤ ${most}`, figure.value <= most),
    /** Adds a table, and returns it for more rows. */
    table: (title: string, ...rows: string[][]): string[][] => {
      sections.push({ title, rows })
      return rows
    },
    /** Returns the report as Markdown, for the console and for docs/benchmarks.md. */
    text: (command: string, date: Date): string => {
      const reached = targets.filter(row => row.at(-1) === 'yes').length
      return `${[
        '# Benchmarks',
        `Written by \`${command}\` on ${date.toISOString().slice(0, 10)}. ${reached} of ${targets.length - 1} targets are reached.`,
        explanation,
        table([['', 'this machine'], ...Object.entries(describeMachine())]),
        '## Targets',
        table(targets),
        ...sections.flatMap(({ title, rows }) => [`## ${title}`, table(rows)]),
      ].join('\n\n')}\n`
    },
  }
}

export type Report = ReturnType<typeof createReport>

/** Returns a table as Markdown: the first column left-aligned, the others right-aligned. The first row is the heading. */
export const table = (rows: readonly (readonly string[])[]): string =>
  markdownTable(rows, { align: (rows[0] ?? []).map((_, column) => (column === 0 ? 'l' : 'r')) })

/** Formats a value with three digits: more would be noise. */
export const formatted = (value: number): string => {
  if (Number.isNaN(value)) return '–'
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3)
}

export const measuredHeading = ['', 'req/s', 'µs CPU', 'busy', 'p50 ms', 'p99 ms', 'ratio req/s', 'ratio CPU']

/** Returns a row for each contender, with ratios to the first one. */
export const measuredRows = (name: string, measured: Record<string, Measured>): string[][] =>
  Object.entries(measured).map(([contender, one], _, [[, first] = ['', one]]) => [
    `${name}, ${contender}`,
    ...[one.perSecond, one.cpu, one.busy, one.p50, one.p99].map(formatted),
    ...[one.perSecond / first.perSecond, first.cpu / one.cpu].map(formatted),
  ])

/** Returns what the figures depend on besides our code. */
const describeMachine = (): Record<string, string> => {
  const { dependencies, devDependencies } = createRequire(import.meta.url)('../package.json')
  const packages = ['fastify', 'mercurius', 'drizzle-orm', 'better-sqlite3', 'autocannon']
  return {
    processor: `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}`,
    memory: `${Math.round(totalmem() / 2 ** 30)} GiB`,
    system: `${type()} ${release()}`,
    node: process.version,
    ...Object.fromEntries(packages.map(name => [name, dependencies[name] ?? devDependencies[name]])),
  }
}

const explanation = `Absolute figures differ between machines, so compare the ratios: medians of alternating rounds within one run.

- **L**, the limit, is a Fastify route that sends the same bytes as a constant and writes the same log line, and does nothing else. Our service runs
  with its default settings: log, security headers, request ids, ETags, rate limit. All servers have the options of Node in \`npm start\`.
- **Textbook** serves the same data from the same database, written as in the documentation of Fastify, Drizzle and mercurius
  (\`bench/textbook\`): queries are built for each request, and loaders resolve the edges of GraphQL.
- **Without any cache** means \`CACHE_BYTES=0\`: no response is stored, so each is read from the database.
- **µs CPU** is the CPU time of the server's process per request: user and system time of all threads. It does not depend on the load generator.
- **busy** is the share of one core that the server used. If the limit used less than 0.9 of a core, the server was not the bottleneck, and
  the ratio compares CPU time instead of requests a second.
- The load comes from [autocannon](https://github.com/mcollina/autocannon) with 32 connections on the loopback interface; each sends the next request as
  soon as a response is complete, without \`accept-encoding\`.
- Memory is the resident memory of the process, in millions of bytes.`
