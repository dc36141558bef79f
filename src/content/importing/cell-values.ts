import type { z } from 'zod'
import type { Draft } from '../../model/document.ts'
import type { Duration } from '../../model/duration.ts'
import type { LearningKind } from '../../model/vocabulary.ts'

/** Parses yes or no; undefined for other words. */
export const parseBoolean = (text: string): boolean | undefined => {
  if (/^(yes|y|true|1|x|✓|✔|optional|elective)$/i.test(text)) return true
  return /^(no|n|false|0|-|–|mandatory|required|core)$/i.test(text) ? false : undefined
}

/** Parses a kind of learning, or a word that begins like one; undefined for others. */
export const parseKind = (text: string): z.infer<typeof LearningKind> | undefined => {
  if (/^practi[cs]/i.test(text)) return 'practical'
  return /^theor/i.test(text) ? 'theoretical' : undefined
}

type Unit = Duration['unit']

const units: readonly [Unit, RegExp][] = [
  ['minute', /^m(in(ute)?s?)?$/],
  ['hour', /^h((ou)?rs?)?$/],
  ['day', /^d(ays?)?$/],
  ['week', /^w((ee)?ks?)?$/],
  ['month', /^mon(th)?s?$/],
  ['year', /^y((ea)?rs?)?$/],
]

const unitOf = (word: string): Unit | undefined => units.find(([, pattern]) => pattern.test(word))?.[0]

/** Returns the unit that the head of a column names: `Hours`, `Time (min)`. */
export const unitOfHead = (head: string): Unit | undefined =>
  head
    .toLowerCase()
    .split(/[^a-z]+/)
    .filter(word => word !== '')
    .map(unitOf)
    .find(unit => unit !== undefined)

/**
 * Parses an amount of time: `2 h`, `30–45 minutes`, `about 4 weeks`, `up to 2 days`, `from 2 days`, `1 h 30 min`, `1:30`, and a bare
 * number if `unit` is known; undefined for other texts.
 */
export const parseDuration = (text: string, unit: Unit | undefined): Duration | undefined => {
  if (text.length > 100) return undefined
  const normalized = text
    .toLowerCase()
    .replaceAll(/[\u2010-\u2015]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
  const words = normalized.replace(/(^|\s)(about|approx(imately)?\.?|ca\.?|circa|around|~|≈) ?/, ' ').trim()
  const approximate = words !== normalized
  const isLimit = /^(up to|max(imum)?\b|<)/.test(words)
  const isOpen = /^(from|at least|min(imum)?\b|>)|\+| or more$/.test(words)
  const range = parseRange(words.replace(edges, '').replace(/ ?\+/, '').trim(), unit)
  if (range === undefined) return undefined
  return inWholeUnits({ ...range, from: isLimit ? 0 : range.from, to: isOpen ? null : range.to, approximate })
}

const edges = /^(up to|max(imum)?\.?|from|at least|min(imum)?\.?|[<>]) ?| or more$/g

type Range = { unit: Unit; from: number; to: number | null }

const parseRange = (text: string, given: Unit | undefined): Range | undefined => {
  const [, clockHours, clockMinutes] = /^(\d{1,3}):(\d\d)( ?h)?$/.exec(text) ?? []
  if (clockMinutes !== undefined) return exactly('minute', Number(clockHours) * 60 + Number(clockMinutes))
  const [, hours, minutes] = /^(\d+) ?h(?:ours?|rs?)?[ ,]*(?:and )?(\d+) ?m?(?:in(?:ute)?s?)?$/.exec(text) ?? []
  if (minutes !== undefined) return exactly('minute', Number(hours) * 60 + Number(minutes))
  const [, from, to, word = ''] = /^(\d+(?:[.,]\d+)?)(?: ?(?:-|to) ?(\d+(?:[.,]\d+)?))? ?([a-z]*)\.?$/.exec(text) ?? []
  const unit = word === '' ? given : unitOf(word)
  if (from === undefined || unit === undefined) return undefined
  return { unit, from: numberOf(from), to: numberOf(to ?? from) }
}

const exactly = (unit: Unit, amount: number): Range => ({ unit, from: amount, to: amount })
const numberOf = (text: string): number => Number(text.replace(',', '.'))

const smaller: Partial<Record<Unit, { unit: Unit; count: number }>> = {
  hour: { unit: 'minute', count: 60 },
  day: { unit: 'hour', count: 8 },
  week: { unit: 'day', count: 5 },
  month: { unit: 'week', count: 4 },
  year: { unit: 'month', count: 12 },
}

/** Writes fractions of a unit in the next smaller one: 1.5 hours are 90 minutes. */
const inWholeUnits = (duration: Duration): Duration | undefined => {
  const { unit, from, to } = duration
  if (Number.isInteger(from) && (to === null || Number.isInteger(to))) return duration
  const next = smaller[unit]
  if (next === undefined) return undefined
  const convert = (amount: number) => Math.round(amount * next.count * 100) / 100
  return inWholeUnits({ ...duration, unit: next.unit, from: convert(from), to: to === null ? null : convert(to) })
}

/** Parses an alignment as the export writes it: `ESCO: S1.2 program in Python <http://…>`; undefined for a text that is too long. */
export const parseAlignment = (text: string): Draft<'skill'>['alignments'][number] | undefined => {
  if (text.length > 4_000) return undefined
  const link = /<?(https?:\/\/[^\s<>]+)>?$/.exec(text)
  const url = link === null ? null : String(link[1])
  const label = text.slice(0, link?.index).trim()
  const colon = label.search(/:\s/)
  const [framework, target] = colon < 0 ? [label, ''] : [label.slice(0, colon), label.slice(colon + 1).trim()]
  const [, code = null, title = null] = /^(\S*\d\S*)(?:\s+(.*))?$/.exec(target) ?? [target, null, target || null]
  return { framework: framework || String(url), code, title, url, type: null }
}

/** Splits a cell into its values: its lines, else at semicolons or vertical bars, else at commas if these separate too. */
export const splitCell = (text: string, commas: boolean): string[] => {
  const separator = [/\n/, /;/, /\|/, ...(commas ? [/,/] : [])].find(one => one.test(text))
  return (separator === undefined ? [text] : text.split(separator))
    .map(part => part.replace(/^\s*(?:[-*•–]|\d+[.)])\s+/, '').trim())
    .filter(part => part !== '')
}

/** Splits a text such as `The book https://…` or `[The book](https://…)` into its text and its addresses. */
export const parseLinks = (text: string): { label: string; urls: string[] } => {
  if (text.length > 4_000) return { label: text, urls: [] }
  const urls: string[] = []
  const label = text.replaceAll(linkPattern, (_, linked = '', address: string) => {
    const url = address.includes('(') && !address.includes(')') ? `${address})` : address
    urls.push(/^www/i.test(url) ? `https://${url}` : url)
    return ` ${linked} `
  })
  return { label: label.replaceAll(/\s+/g, ' ').replaceAll(/^[\s–-]+|[\s:,;–-]+$/g, ''), urls }
}

/** Matches an address, with the Markdown of its link, or the brackets around it. */
const linkPattern =
  /(?:\[([^\]]{0,300})\]\()?[(<]?((?:https?:\/\/|\bwww\.)[^\s<>"]+?)(?=[),;.]*(?:\s|$|>))[)>]{0,2}[,;.]?/gi
