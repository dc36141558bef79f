import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { curveSvg } from './curve.ts'
import { type Figure, figureRows, holds } from './figure.ts'
import type { Section } from './section.ts'
import { markdownTable } from './table.ts'

/** What a run came to. */
export interface Result {
  date: string
  command: string
  machine: Record<string, string>
  sections: Section[]
}

export const figuresOf = ({ sections }: Result): Figure[] =>
  sections.flatMap(({ figures }) => figures).sort((one, other) => one.target - other.target)

/** The page and the picture in it. */
export const writeReport = (folder: string, result: Result): void => {
  const curves = result.sections.flatMap(section => section.curves ?? []).filter(({ kind }) => kind !== 'cached')
  if (curves.length > 0)
    writeFileSync(join(folder, 'benchmarks.svg'), curveSvg('Answers a second, without the cache, by size', curves))
  writeFileSync(join(folder, 'benchmarks.md'), reportOf(result, curves.length > 0))
}

/** The page, as Markdown. */
export const reportOf = (result: Result, withCurve: boolean): string => {
  const figures = figuresOf(result)
  return `${[
    '# Benchmarks',
    `Written by \`${result.command}\` on ${result.date.slice(0, 10)}. ${figures.filter(holds).length} of ${figures.length} targets held.`,
    explanation,
    markdownTable([['', 'here'], ...Object.entries(result.machine)]),
    '## Targets',
    markdownTable(figureRows(figures)),
    ...(withCurve ? ['## Growth', '![Answers a second by number of skills](benchmarks.svg)'] : []),
    ...result.sections.flatMap(({ title, rows }) => [`## ${title}`, markdownTable(rows)]),
  ].join('\n\n')}\n`
}

const explanation = `Absolute figures differ from machine to machine; the ratios are what counts, and they are medians of rounds in turn within one run.

- **L**, the limit, is a route of Fastify that answers the same bytes as a constant, with Fastify's own logging at the same level to
  the same place and nothing else. Our service is measured as it is shipped: log, security headers, request ids, ETags, rate limit.
- **Textbook** answers the same from the same database as the documentation of Fastify, Drizzle and mercurius would have it
  (\`bench/textbook\`): queries built at each request, loaders for the edges of GraphQL.
- **µs CPU** is what a request took of the server's process, user and system time of every thread. It does not depend on the generator.
- **busy** is how much of one core the server used. Where the limit kept no core busy, something else set the pace, and the figure is
  told by CPU instead of by requests a second.
- The load is 32 connections on the loopback interface, each asking as soon as its answer is whole, with no \`accept-encoding\`.`
