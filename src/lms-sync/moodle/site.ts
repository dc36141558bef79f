import { Refused } from '../../errors.ts'
import { fetchFrom } from '../http-client.ts'

/** A competency as Moodle returns it. */
export interface SiteCompetency {
  id: number
  idnumber: string
  shortname: string
  description: string
  /** 0 at the top. */
  parentid: number
  /** The place among its siblings, from 0. */
  sortorder: number
}

export interface SiteFramework extends Pick<SiteCompetency, 'id' | 'idnumber' | 'shortname' | 'description'> {
  /** True when the token's user may change it. */
  canmanage: boolean
}

/** The fields of a competency or framework that a sync writes; descriptions are HTML. */
export type Written = Pick<SiteCompetency, 'idnumber' | 'shortname' | 'description'>

export interface Scale {
  id: number
  values: string[]
}

/** The competency frameworks of a Moodle site. */
export interface MoodleSite {
  /** Rejects with the names of the functions that the token's service lacks. */
  checkFunctions(): Promise<void>
  frameworks(): Promise<SiteFrameworks>
  createFramework(written: Written & { taxonomies: string }, scale: Scale): Promise<number>
  updateFramework(id: number, written: Written & { taxonomies: string }): Promise<void>
  /** Reads the values of a scale, the lowest first; undefined when the site has no such scale. */
  scale(id: number): Promise<Scale | undefined>
  competencies(framework: number): Promise<SiteCompetency[]>
  create(framework: number, parent: number, written: Written): Promise<number>
  update(id: number, written: Written): Promise<void>
  /** Moves a competency to the end of another one's children, or of the top level when the parent is 0. */
  move(id: number, parent: number): Promise<void>
  /** Swaps a competency with the sibling before it. */
  moveUp(id: number): Promise<void>
  /** Deletes a competency and everything below it; false when something of it is in use. */
  remove(id: number): Promise<boolean>
  /** Lists the related competencies; Moodle's relations have no direction. */
  related(id: number): Promise<number[]>
  relate(id: number, other: number): Promise<void>
  unrelate(id: number, other: number): Promise<void>
}

export interface SiteFrameworks {
  frameworks: SiteFramework[]
  /** True when the token's user may create another one. */
  mayCreate: boolean
}

/** The functions that the token's service needs. */
export const functions = [
  'core_webservice_get_site_info',
  'tool_lp_data_for_competency_frameworks_manage_page',
  'core_competency_create_competency_framework',
  'core_competency_update_competency_framework',
  'core_competency_get_scale_values',
  'core_competency_list_competencies',
  'core_competency_create_competency',
  'core_competency_update_competency',
  'core_competency_set_parent_competency',
  'core_competency_move_up_competency',
  'core_competency_delete_competency',
  'core_competency_add_related_competency',
  'core_competency_remove_related_competency',
  'tool_lp_data_for_related_competencies_section',
] as const

type FunctionName = (typeof functions)[number]

/** An exception that Moodle returned. */
class MoodleError extends Refused {}

/** The id of the system context on every site. */
const systemContext = 1
const html = 1
const page = 1_000

/** Connects to a site by its web services (REST, docs.moodle.org "Web services"), with the token of a user who may manage competencies. */
export const connectToMoodle = (url: string, token: string): MoodleSite => {
  const call = createCall(url, token)
  const written = ({ idnumber, shortname, description }: Written) => ({
    idnumber,
    shortname,
    description,
    descriptionformat: html,
  })
  /** Calls a function that returns true on success, and on some failures false instead of an exception. */
  const callAndCheck = async (name: FunctionName, parameters: CallParameters): Promise<void> => {
    if ((await call(name, parameters)) !== true)
      throw new Refused(`${name} was not carried out, and Moodle gives no reason`)
  }
  return {
    checkFunctions: async () => {
      const info = (await call('core_webservice_get_site_info', {})) as { functions?: { name: string }[] } | null
      if (!Array.isArray(info?.functions)) throw new Refused(`${url} does not answer as a Moodle web service does`)
      const names = new Set(info.functions.map(({ name }) => name))
      const missing = functions.filter(name => !names.has(name))
      if (missing.length > 0)
        throw new Refused(`the service of the token lacks functions; add them to it:\n  ${missing.join('\n  ')}`)
    },
    frameworks: async () => {
      const { competencyframeworks, navigation } = (await call('tool_lp_data_for_competency_frameworks_manage_page', {
        pagecontext: { contextid: systemContext },
      })) as { competencyframeworks: SiteFramework[]; navigation: string[] }
      // The page has its button "Add new competency framework" only for a user who may press it.
      return { frameworks: competencyframeworks, mayCreate: navigation.length > 0 }
    },
    createFramework: async ({ taxonomies, ...rest }, scale) => {
      const made = await call('core_competency_create_competency_framework', {
        competencyframework: {
          ...written(rest),
          taxonomies,
          contextid: systemContext,
          scaleid: scale.id,
          scaleconfiguration: configurationOf(scale),
          visible: 1,
        },
      })
      return (made as { id: number }).id
    },
    updateFramework: (id, { taxonomies, ...rest }) =>
      callAndCheck('core_competency_update_competency_framework', {
        competencyframework: { id, ...written(rest), taxonomies },
      }),
    scale: async id => {
      try {
        const values = (await call('core_competency_get_scale_values', { scaleid: id })) as { name: string }[]
        return { id, values: values.map(({ name }) => name) }
      } catch (failure) {
        // Moodle has no error code for a scale that does not exist; earlier calls have met every other exception.
        if (failure instanceof MoodleError) return undefined
        throw failure
      }
    },
    competencies: async framework => {
      const all: SiteCompetency[] = []
      for (;;) {
        const some = (await call('core_competency_list_competencies', {
          filters: [{ column: 'competencyframeworkid', value: framework }],
          sort: 'id',
          order: 'ASC',
          skip: all.length,
          limit: page,
        })) as SiteCompetency[]
        all.push(...some)
        if (some.length < page) return all
      }
    },
    create: async (framework, parent, one) => {
      const made = await call('core_competency_create_competency', {
        competency: { ...written(one), competencyframeworkid: framework, parentid: parent },
      })
      return (made as { id: number }).id
    },
    update: (id, one) => callAndCheck('core_competency_update_competency', { competency: { id, ...written(one) } }),
    move: (id, parent) => callAndCheck('core_competency_set_parent_competency', { competencyid: id, parentid: parent }),
    moveUp: id => callAndCheck('core_competency_move_up_competency', { id }),
    remove: async id => (await call('core_competency_delete_competency', { id })) === true,
    related: async id => {
      const { relatedcompetencies } = (await call('tool_lp_data_for_related_competencies_section', {
        competencyid: id,
      })) as { relatedcompetencies: { id: number }[] }
      return relatedcompetencies.map(one => one.id)
    },
    // Both functions return false when there is nothing to do.
    relate: async (id, other) => {
      await call('core_competency_add_related_competency', { competencyid: id, relatedcompetencyid: other })
    },
    unrelate: async (id, other) => {
      await call('core_competency_remove_related_competency', { competencyid: id, relatedcompetencyid: other })
    },
  }
}

/** The lowest value is the default, the highest counts as proficient. */
const configurationOf = ({ id, values }: Scale): string =>
  JSON.stringify([
    { scaleid: String(id) },
    ...values.map((_, index) => ({
      id: index + 1,
      scaledefault: Number(index === 0),
      proficient: Number(index === values.length - 1),
    })),
  ])

type CallParameters = { [name: string]: string | number | CallParameters | CallParameters[] }

const server = '/webservice/rest/server.php'

/** Returns a function that calls a function of the site, and rejects with Moodle's reason and a hint. */
const createCall = (url: string, token: string) => {
  const address = `${rootOf(new URL(url))}${server}`
  return async (name: FunctionName, parameters: CallParameters): Promise<unknown> => {
    const fields = flatten(parameters)
    const body = new URLSearchParams({
      wstoken: token,
      wsfunction: name,
      moodlewsrestformat: 'json',
      // Returns texts as they are stored, neither filtered nor prepared for a page.
      moodlewssettingraw: 'true',
      ...Object.fromEntries(fields),
    })
    const answer: unknown = await post(address, body)
    if (!isException(answer)) return answer
    const { exception, message, errorcode = exception, debuginfo } = answer
    const rejectedTexts = errorcode === 'invalidparameter' ? explainRejectedTexts(fields, debuginfo) : undefined
    const reason = [message, rejectedTexts === undefined && debuginfo].filter(Boolean).join(' ')
    throw new MoodleError(`Moodle rejects ${name}: ${reason} (${errorcode})${rejectedTexts ?? hints[errorcode] ?? ''}`)
  }
}

/** Returns the URL of a site, without the path of the REST server, a query, or trailing slashes. */
const rootOf = ({ origin, pathname }: URL): string => {
  const path = pathname.replace(/\/+$/, '')
  return `${origin}${path.endsWith(server) ? path.slice(0, -server.length) : path}`
}

/** Names nested parameters as PHP reads them: `competency[id]`, `filters[0][column]`. */
const flatten = (parameters: CallParameters | CallParameters[], above = ''): [string, string][] =>
  Object.entries(parameters).flatMap(([name, value]): [string, string][] => {
    const whole = above === '' ? name : `${above}[${name}]`
    return typeof value === 'object' ? flatten(value, whole) : [[whole, String(value)]]
  })

const post = async (address: string, body: URLSearchParams): Promise<unknown> => {
  const response = await fetchFrom(address, { method: 'POST', body })
  const to = response.headers.get('location')
  if (to !== null) throw new Refused(redirectMessage(address, to))
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(
      unexpectedResponses[response.status]?.(address) ??
        `${address} does not answer as a Moodle web service does (${response.status})`,
    )
  }
}

/** Moodle redirects a request for another host or protocol than its own to the same path there. */
const redirectMessage = (address: string, to: string): string => {
  const target = URL.parse(to, address)
  const { origin } = new URL(address)
  if (target === null) return `${origin} redirects to "${to}", which is no address: check the site's web server`
  return target.pathname.endsWith(server)
    ? `${origin} redirects to the site's own address: use --url ${rootOf(target)}`
    : `${origin} redirects to ${target.href}: --url must be the URL of the site's front page, as a browser shows it`
}

/** Explains answers that are not JSON, by status. */
const unexpectedResponses: Record<number, (address: string) => string> = {
  403: address =>
    `${address} answers 403: enable web services under Site administration, Advanced features, and REST under Server, Web services, Manage protocols`,
  404: address =>
    `${address} does not exist (404): --url must be the URL of the site's front page, as a browser shows it`,
  503: address => `${new URL(address).origin} is under maintenance or overloaded (503): run it again later`,
}

interface Exception {
  exception: string
  message: string
  /** Absent for errors of PHP. */
  errorcode?: string
  /** Present only when debugging is enabled on the site. */
  debuginfo?: string
}

/** Exceptions come with status 200. */
const isException = (answer: unknown): answer is Exception =>
  typeof answer === 'object' && answer !== null && 'exception' in answer

/**
 * Shows the texts that Moodle may have rejected. Moodle accepts a text only if its cleaner leaves the text unchanged, and names
 * the field only when debugging is enabled.
 */
const explainRejectedTexts = (fields: [string, string][], debuginfo: string | undefined): string | undefined => {
  const texts = fields.filter(([path]) => /\[(shortname|description)\]$/.test(path))
  const shown = debuginfo === undefined ? texts : texts.filter(([path]) => debuginfo.includes(`${fieldName(path)} => `))
  if (shown.length === 0) return undefined
  const lines = shown.map(([path, text]) => `\n  ${fieldName(path)}: ${text}`)
  return `; its cleaner would change ${shown.length === 1 ? 'this text' : 'one of these texts'}:${lines.join('')}`
}

const fieldName = (path: string): string => path.slice(path.lastIndexOf('[') + 1, -1)

/** The way to correct an error, where Moodle's own sentence does not say it. */
const hints: Record<string, string> = {
  invalidtoken: '; create one under Site administration, Server, Web services, Manage tokens',
  accessexception: `; check that
  the role of the token's user has the capability webservice/rest:use at system level
  the token's service is enabled, and the user is one of its authorised users
  the service has these functions:\n    ${functions.join('\n    ')}`,
  nopermissions:
    "; the role of the token's user needs moodle/competency:competencymanage and moodle/competency:competencyview at system level",
  sitemaintenance: '; run it again when the maintenance is over',
  competenciesarenotenabled: '; enable them under Site administration, Advanced features',
}
