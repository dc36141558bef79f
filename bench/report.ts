import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { curveSvg } from './curve.ts'
import { type Figure, figureRows, isReached } from './figure.ts'
import type { Section } from './section.ts'
import { markdownTable } from './table.ts'

/** The result of a run. */
export interface Result {
  date: string
  command: string
  machine: Record<string, string>
  sections: Section[]
}

export const figuresOf = ({ sections }: Result): Figure[] =>
  sections.flatMap(({ figures }) => figures).sort((one, other) => one.target - other.target)

/** Writes the page and the picture in it. */
export const writeReport = (folder: string, result: Result): void => {
  const curves = result.sections.flatMap(section => section.curves ?? []).filter(({ kind }) => kind !== 'cached')
  if (curves.length > 0)
    writeFileSync(join(folder, 'benchmarks.svg'), curveSvg('Responses a second, without the cache, by size', curves))
  writeFileSync(join(folder, 'benchmarks.md'), reportOf(result, curves.length > 0))
}

/** Returns the page as Markdown. */
export const reportOf = (result: Result, withCurve: boolean): string => {
  const figures = figuresOf(result)
  return `${[
    '# Benchmarks',
    `Written by \`${result.command}\` on ${result.date.slice(0, 10)}. ${figures.filter(isReached).length} of ${figures.length} targets are reached.`,
    explanation,
    markdownTable([['', 'this machine'], ...Object.entries(result.machine)]),
    '## Targets',
    markdownTable(figureRows(figures)),
    ...(withCurve ? ['## Growth', '![Responses a second by number of skills](benchmarks.svg)'] : []),
    ...result.sections.flatMap(({ title, rows }) => [`## ${title}`, markdownTable(rows)]),
  ].join('\n\n')}\n`
}

const explanation = `Absolute figures differ between machines, so compare the ratios: medians of alternating rounds within one run.

- **L**, the limit, is a Fastify route that sends the same bytes as a constant, with Fastify's logging at the same level to
  the same destination, and nothing else. Our service runs with its default settings: log, security headers, request ids, ETags, rate limit.
- **Textbook** serves the same data from the same database, written as in the documentation of Fastify, Drizzle and mercurius
  (\`bench/textbook\`): queries are built for each request, and loaders resolve the edges of GraphQL.
- **µs CPU** is the CPU time of the server's process per request: user and system time of all threads. It does not depend on the load generator.
- **busy** is the share of one core that the server used. If the limit used less than 0.9 of a core, the server was not the bottleneck, and
  the ratio compares CPU time instead of requests a second.
- The load comes from 32 connections on the loopback interface; each sends the next request as soon as a response is complete, without \`accept-encoding\`.`
