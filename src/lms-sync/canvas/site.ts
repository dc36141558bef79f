import { setTimeout } from 'node:timers/promises'
import { Refused } from '../../errors.ts'
import { reach } from '../http-client.ts'

/** A group or an outcome that a Canvas account or course has, by the identifier it was imported with. */
export interface Held {
  type: 'group' | 'outcome'
  title: string
  /** HTML, as Canvas has cleaned it. */
  description: string
  /** The identifiers of the groups it stands below; undefined for one that was made by hand. */
  parents: (string | undefined)[]
  /** False where an import leaves the outcome in place, as something is aligned to it. */
  deletable: boolean
}

/** The outcomes of an account or course. */
export interface Place {
  /** What was imported, by identifier. */
  held(): Promise<Map<string, Held>>
  /** The groups, by identifier, in which something stands that was made by hand. */
  shared(): Promise<Set<string>>
  /** Imports a file of outcomes and waits until Canvas is done with it; the rows it did not take, the header being row 1. */
  import(csv: string, progress: (percent: number) => void): Promise<RowError[]>
}

export type RowError = [row: number, message: string]

/** Canvas keeps every error of an import and reports the first of them. */
export const mostErrors = 25

/** How long to wait between two looks at an import, in milliseconds: a small one is done at once, a large one takes minutes. */
const pauses = { first: 100, most: 5_000 }

interface GroupJson {
  vendor_guid?: string | null
  title: string
  description?: string | null
  parent_outcome_group?: GroupJson | null
}

interface LinkJson {
  outcome: { vendor_guid?: string | null; title: string; description?: string | null }
  outcome_group: GroupJson
  can_unlink?: boolean
}

interface ImportJson {
  id: number
  workflow_state: 'created' | 'importing' | 'succeeded' | 'failed'
  progress?: string | number | null
  processing_errors?: RowError[] | null
}

/** An account or course by the REST API (developerdocs.instructure.com: Outcome Groups, Outcome Imports). */
export const placeAt = (url: string, token: string, context: string): Place => {
  const base = `${url.replace(/\/+$/, '')}/api/v1/${context}`
  const ask = asking(token)
  const groups = once(() => all<GroupJson>(ask, `${base}/outcome_groups?per_page=100`))
  const links = once(() => all<LinkJson>(ask, `${base}/outcome_group_links?outcome_style=full&per_page=100`))
  return {
    held: async () => {
      const held = new Map<string, Held>()
      for (const { vendor_guid: guid, title, description, parent_outcome_group: parent } of await groups())
        if (guid)
          held.set(guid, {
            type: 'group',
            title,
            description: description ?? '',
            parents: [guidOf(parent)],
            deletable: true,
          })
      for (const { outcome, outcome_group: group, can_unlink: canUnlink = true } of await links()) {
        const { vendor_guid: guid, title, description } = outcome
        if (!guid) continue
        const other = held.get(guid)
        held.set(guid, {
          type: 'outcome',
          title,
          description: description ?? '',
          parents: [...(other?.parents ?? []), guidOf(group)],
          deletable: canUnlink && other?.deletable !== false,
        })
      }
      return held
    },
    shared: async () => {
      const byHand = [
        ...(await groups()).filter(one => !one.vendor_guid).map(one => one.parent_outcome_group),
        ...(await links()).filter(one => !one.outcome.vendor_guid).map(one => one.outcome_group),
      ]
      return new Set(byHand.flatMap(group => group?.vendor_guid ?? []))
    },
    import: async (csv, progress) => {
      let state = (await ask(`${base}/outcome_imports?import_type=instructure_csv&extension=csv`, csv))
        .body as ImportJson
      for (let pause = pauses.first; ['created', 'importing'].includes(state.workflow_state); pause *= 2) {
        progress(Number(state.progress ?? 0))
        await setTimeout(Math.min(pause, pauses.most))
        state = (await ask(`${base}/outcome_imports/${state.id}`)).body as ImportJson
      }
      const errors = state.processing_errors ?? []
      if (state.workflow_state === 'failed' && errors.length === 0)
        throw new Refused('the import failed, and Canvas does not say why')
      return errors
    },
  }
}

/** The group at the top of all has no identifier, nor has one that was made by hand. */
const guidOf = (group: GroupJson | null | undefined): string | undefined => group?.vendor_guid ?? undefined

const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let result: Promise<T> | undefined
  return () => {
    result ??= work()
    return result
  }
}

interface Answered {
  body: unknown
  /** The address of the next page (RFC 8288). */
  next: string | undefined
}

type Ask = (address: string, csv?: string) => Promise<Answered>

const all = async <T>(ask: Ask, address: string): Promise<T[]> => {
  const items: T[] = []
  for (let next: string | undefined = address; next !== undefined; ) {
    const page: Answered = await ask(next)
    items.push(...(page.body as T[]))
    next = page.next
  }
  return items
}

/** Asks Canvas, or sends it a file. The token goes nowhere else, whatever a page links to. */
const asking =
  (token: string): Ask =>
  async (address, csv) => {
    const { origin } = new URL(address)
    const authorization = `Bearer ${token}`
    const response = await reach(
      address,
      csv === undefined
        ? { headers: { authorization } }
        : { method: 'POST', headers: { authorization, 'content-type': 'text/csv' }, body: csv },
    )
    const text = await response.text()
    const body = parsed(text)
    if (!response.ok || body === undefined) throw new Refused(`${origin} refuses: ${saidIn(body)} (${response.status})`)
    const next = /<([^>]+)>\s*;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
    if (next !== undefined && new URL(next).origin !== origin)
      throw new Refused(`${origin} leads on to ${new URL(next).origin}: give that address with --url`)
    return { body, next }
  }

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Canvas has two shapes of errors. */
const saidIn = (body: unknown): string => {
  const { errors, message } = (body ?? {}) as { errors?: { message?: string }[] | unknown; message?: string }
  const messages = Array.isArray(errors) ? errors.flatMap(one => one?.message ?? []) : []
  return [...messages, message].filter(Boolean).join(' ') || 'the answer is not one of the Canvas API'
}
