import { setTimeout } from 'node:timers/promises'
import { Refused } from '../../errors.ts'
import { fetchFrom } from '../http-client.ts'

/** A group or an outcome of a Canvas account or course, with the identifier it was imported with. */
export interface CanvasObject {
  type: 'group' | 'outcome'
  title: string
  /** HTML, cleaned by Canvas. */
  description: string
  /** The identifiers of its parent groups; undefined for a group created by hand. */
  parents: (string | undefined)[]
  /** False when Canvas does not delete the outcome, because something is aligned to it. */
  deletable: boolean
}

/** The outcomes of an account or course. */
export interface CanvasContext {
  /** Returns the imported objects, by identifier. */
  importedObjects(): Promise<Map<string, CanvasObject>>
  /** Returns the identifiers of groups that contain a group or outcome created by hand. */
  groupsWithOthers(): Promise<Set<string>>
  /** Imports a file of outcomes and waits until it is done. Returns the rejected rows; the header is row 1. */
  import(csv: string, progress: (percent: number) => void): Promise<RowError[]>
}

export type RowError = [row: number, message: string]

/** Canvas stores every error of an import, but returns only the first ones. */
export const maxReportedErrors = 25

/** The pauses between polls of an import, in milliseconds: a small import takes a moment, a large one minutes. */
const pollIntervals = { first: 100, max: 5_000 }

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

/** Connects to an account or course by the REST API (developerdocs.instructure.com: Outcome Groups, Outcome Imports). */
export const connectToCanvas = (url: string, token: string, context: string): CanvasContext => {
  const base = `${url.replace(/\/+$/, '')}/api/v1/${context}`
  const request = createRequest(token)
  const groups = once(() => fetchAllPages<GroupJson>(request, `${base}/outcome_groups?per_page=100`))
  const links = once(() =>
    fetchAllPages<LinkJson>(request, `${base}/outcome_group_links?outcome_style=full&per_page=100`),
  )
  return {
    importedObjects: async () => {
      const objects = new Map<string, CanvasObject>()
      for (const { vendor_guid: guid, title, description, parent_outcome_group: parent } of await groups())
        if (guid)
          objects.set(guid, {
            type: 'group',
            title,
            description: description ?? '',
            parents: [guidOf(parent)],
            deletable: true,
          })
      for (const { outcome, outcome_group: group, can_unlink: canUnlink = true } of await links()) {
        const { vendor_guid: guid, title, description } = outcome
        if (!guid) continue
        const other = objects.get(guid)
        objects.set(guid, {
          type: 'outcome',
          title,
          description: description ?? '',
          parents: [...(other?.parents ?? []), guidOf(group)],
          deletable: canUnlink && other?.deletable !== false,
        })
      }
      return objects
    },
    groupsWithOthers: async () => {
      const others = [
        ...(await groups()).filter(one => !one.vendor_guid).map(one => one.parent_outcome_group),
        ...(await links()).filter(one => !one.outcome.vendor_guid).map(one => one.outcome_group),
      ]
      return new Set(others.flatMap(group => group?.vendor_guid ?? []))
    },
    import: async (csv, progress) => {
      let state = (await request(`${base}/outcome_imports?import_type=instructure_csv&extension=csv`, csv))
        .body as ImportJson
      for (let pause = pollIntervals.first; ['created', 'importing'].includes(state.workflow_state); pause *= 2) {
        progress(Number(state.progress ?? 0))
        await setTimeout(Math.min(pause, pollIntervals.max))
        state = (await request(`${base}/outcome_imports/${state.id}`)).body as ImportJson
      }
      const errors = state.processing_errors ?? []
      if (state.workflow_state === 'failed' && errors.length === 0)
        throw new Refused('the import failed, and Canvas gives no reason')
      return errors
    },
  }
}

/** Returns the identifier; undefined for the root group and for groups created by hand. */
const guidOf = (group: GroupJson | null | undefined): string | undefined => group?.vendor_guid ?? undefined

const once = <T>(work: () => Promise<T>): (() => Promise<T>) => {
  let result: Promise<T> | undefined
  return () => {
    result ??= work()
    return result
  }
}

interface CanvasResponse {
  body: unknown
  /** The URL of the next page (RFC 8288). */
  next: string | undefined
}

type CanvasRequest = (address: string, csv?: string) => Promise<CanvasResponse>

const fetchAllPages = async <T>(request: CanvasRequest, address: string): Promise<T[]> => {
  const items: T[] = []
  for (let next: string | undefined = address; next !== undefined; ) {
    const page: CanvasResponse = await request(next)
    items.push(...(page.body as T[]))
    next = page.next
  }
  return items
}

/**
 * Returns a function that sends a GET request, or a POST request with a file. The token is sent to no other origin, whatever
 * a page links to.
 */
const createRequest =
  (token: string): CanvasRequest =>
  async (address, csv) => {
    const { origin } = new URL(address)
    const authorization = `Bearer ${token}`
    const response = await fetchFrom(
      address,
      csv === undefined
        ? { headers: { authorization } }
        : { method: 'POST', headers: { authorization, 'content-type': 'text/csv' }, body: csv },
    )
    const text = await response.text()
    const body = parseJson(text)
    if (!response.ok || body === undefined)
      throw new Refused(`${origin} rejects the request: ${errorMessage(body)} (${response.status})`)
    const next = /<([^>]+)>\s*;\s*rel="next"/.exec(response.headers.get('link') ?? '')?.[1]
    if (next !== undefined && new URL(next).origin !== origin)
      throw new Refused(`${origin} links to its next page at ${new URL(next).origin}: use that address as --url`)
    return { body, next }
  }

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads the message from either of Canvas's two error formats. */
const errorMessage = (body: unknown): string => {
  const { errors, message } = (body ?? {}) as { errors?: { message?: string }[] | unknown; message?: string }
  const messages = Array.isArray(errors) ? errors.flatMap(one => one?.message ?? []) : []
  return [...messages, message].filter(Boolean).join(' ') || 'the response is not one of the Canvas API'
}
