import { Refused } from '../content/refused.ts'
import { reach } from '../reach.ts'

/** What Moodle says of a competency. */
export interface SiteCompetency {
  id: number
  idnumber: string
  shortname: string
  description: string
  /** 0 at the top. */
  parentid: number
  /** The place among those below the same one, from 0. */
  sortorder: number
}

export type SiteFramework = Pick<SiteCompetency, 'id' | 'idnumber' | 'shortname' | 'description'>

/** What can be written of a competency; descriptions are HTML. */
export type Written = Pick<SiteCompetency, 'idnumber' | 'shortname' | 'description'>

export interface Scale {
  id: number
  values: string[]
}

/** A Moodle site, of which only competency frameworks are of interest. */
export interface Site {
  /** A refusal that says which functions the token's service lacks; nothing where it has all. */
  refuseMissing(): Promise<void>
  framework(idNumber: string): Promise<SiteFramework | undefined>
  createFramework(written: Written & { taxonomies: string }, scale: Scale): Promise<number>
  updateFramework(id: number, written: Written & { taxonomies: string }): Promise<void>
  /** The values of a scale, the lowest first; undefined where there is no such scale. */
  scale(id: number): Promise<Scale | undefined>
  competencies(framework: number): Promise<SiteCompetency[]>
  create(framework: number, parent: number, written: Written): Promise<number>
  update(id: number, written: Written): Promise<void>
  /** Puts it last among those below another one; below none where that is 0. */
  move(id: number, parent: number): Promise<void>
  /** Puts it before the one that stands before it. */
  moveUp(id: number): Promise<void>
  /** Takes it away with all below it; false where something of it is in use. */
  remove(id: number): Promise<boolean>
  /** The competencies that it refers to or that refer to it: Moodle makes no difference. */
  related(id: number): Promise<number[]>
  relate(id: number, other: number): Promise<void>
  unrelate(id: number, other: number): Promise<void>
}

/** Every function that is called; a service that is made for this needs these and no others. */
export const functions = [
  'core_webservice_get_site_info',
  'core_competency_list_competency_frameworks',
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

/** What Moodle would not do, in its words. */
class MoodleRefusal extends Refused {
  readonly code: string
  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** The context of a whole site has this number on every site. */
const everywhere = 1
const html = 1
const page = 1_000

/** A site by its web services (REST, docs.moodle.org "Web services"), with a token that may manage competencies. */
export const siteAt = (url: string, token: string): Site => {
  const ask = asking(url, token)
  const written = ({ idnumber, shortname, description }: Written) => ({
    idnumber,
    shortname,
    description,
    descriptionformat: html,
  })
  /** What answers no more than that it was done, and does not say so by an error where it was not. */
  const done = async (name: FunctionName, parameters: Parameters): Promise<void> => {
    if ((await ask(name, parameters)) !== true)
      throw new Refused(`${name} was not carried out, and Moodle says no more`)
  }
  return {
    refuseMissing: async () => {
      const info = (await ask('core_webservice_get_site_info', {})) as { functions?: { name: string }[] } | null
      if (!Array.isArray(info?.functions)) throw new Refused(`${url} does not answer as a Moodle web service does`)
      const names = new Set(info.functions.map(({ name }) => name))
      const missing = functions.filter(name => !names.has(name))
      if (missing.length > 0)
        throw new Refused(`the service of the token lacks functions; add them to it:\n  ${missing.join('\n  ')}`)
    },
    framework: async idNumber => {
      const found = (await ask('core_competency_list_competency_frameworks', {
        context: { contextid: everywhere },
        includes: 'children',
        query: idNumber,
      })) as SiteFramework[]
      return found.find(one => one.idnumber === idNumber)
    },
    createFramework: async ({ taxonomies, ...rest }, scale) => {
      const made = await ask('core_competency_create_competency_framework', {
        competencyframework: {
          ...written(rest),
          taxonomies,
          contextid: everywhere,
          scaleid: scale.id,
          scaleconfiguration: configurationOf(scale),
          visible: 1,
        },
      })
      return (made as { id: number }).id
    },
    updateFramework: (id, { taxonomies, ...rest }) =>
      done('core_competency_update_competency_framework', {
        competencyframework: { id, ...written(rest), taxonomies },
      }),
    scale: async id => {
      try {
        const values = (await ask('core_competency_get_scale_values', { scaleid: id })) as { name: string }[]
        return { id, values: values.map(({ name }) => name) }
      } catch (failure) {
        // Moodle has no name for the error of a scale that is not there; every other one was told by the calls before.
        if (failure instanceof MoodleRefusal) return undefined
        throw failure
      }
    },
    competencies: async framework => {
      const all: SiteCompetency[] = []
      for (;;) {
        const some = (await ask('core_competency_list_competencies', {
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
      const made = await ask('core_competency_create_competency', {
        competency: { ...written(one), competencyframeworkid: framework, parentid: parent },
      })
      return (made as { id: number }).id
    },
    update: (id, one) => done('core_competency_update_competency', { competency: { id, ...written(one) } }),
    move: (id, parent) => done('core_competency_set_parent_competency', { competencyid: id, parentid: parent }),
    moveUp: id => done('core_competency_move_up_competency', { id }),
    remove: async id => (await ask('core_competency_delete_competency', { id })) === true,
    related: async id => {
      const { relatedcompetencies } = (await ask('tool_lp_data_for_related_competencies_section', {
        competencyid: id,
      })) as { relatedcompetencies: { id: number }[] }
      return relatedcompetencies.map(one => one.id)
    },
    // Both answer false where there was nothing to do.
    relate: async (id, other) => {
      await ask('core_competency_add_related_competency', { competencyid: id, relatedcompetencyid: other })
    },
    unrelate: async (id, other) => {
      await ask('core_competency_remove_related_competency', { competencyid: id, relatedcompetencyid: other })
    },
  }
}

/** The lowest value is where a learner begins, the highest says that it was learnt. */
const configurationOf = ({ id, values }: Scale): string =>
  JSON.stringify([
    { scaleid: String(id) },
    ...values.map((_, index) => ({
      id: index + 1,
      scaledefault: Number(index === 0),
      proficient: Number(index === values.length - 1),
    })),
  ])

type Parameters = { [name: string]: string | number | Parameters | Parameters[] }

/** Calls a function of the site; what it answers, or its reason why not. */
const asking = (url: string, token: string) => {
  const address = `${url.replace(/\/+$/, '')}/webservice/rest/server.php`
  return async (name: FunctionName, parameters: Parameters): Promise<unknown> => {
    const body = new URLSearchParams({
      wstoken: token,
      wsfunction: name,
      moodlewsrestformat: 'json',
      // Texts as they are kept, neither filtered nor made ready for a page.
      moodlewssettingraw: 'true',
      ...Object.fromEntries(flat(parameters)),
    })
    const answer: unknown = await post(address, body)
    if (!isException(answer)) return answer
    const { message, errorcode, debuginfo } = answer
    throw new MoodleRefusal(
      `Moodle refuses ${name}: ${[message, debuginfo].filter(Boolean).join(' ')} (${errorcode})${hints[errorcode] ?? ''}`,
      errorcode,
    )
  }
}

/** What PHP takes for nested names: `competency[id]`, `filters[0][column]`. */
const flat = (parameters: Parameters | Parameters[], above = ''): [string, string][] =>
  Object.entries(parameters).flatMap(([name, value]): [string, string][] => {
    const whole = above === '' ? name : `${above}[${name}]`
    return typeof value === 'object' ? flat(value, whole) : [[whole, String(value)]]
  })

const post = async (address: string, body: URLSearchParams): Promise<unknown> => {
  const response = await reach(address, { method: 'POST', body })
  const { origin } = new URL(address)
  const to = response.headers.get('location')
  if (to !== null) throw new Refused(`${origin} leads on to ${to}: give that address with --url`)
  const text = await response.text()
  try {
    return JSON.parse(text)
  } catch {
    throw new Refused(`${address} does not answer as a Moodle web service does (${response.status})`)
  }
}

interface Exception {
  exception: string
  errorcode: string
  message: string
  /** Only where the site is set to tell it. */
  debuginfo?: string
}

/** Errors come with status 200. */
const isException = (answer: unknown): answer is Exception =>
  typeof answer === 'object' && answer !== null && 'exception' in answer

/** The way on, where Moodle's own sentence does not say it. */
const hints: Record<string, string> = {
  invalidtoken: '; make one under Site administration, Server, Web services, Manage tokens',
  accessexception: `; the token's service needs these functions:\n  ${functions.join('\n  ')}`,
  nopermissions: "; the token's user needs the right moodle/competency:competencymanage for the whole site",
  enablewsdescription: '; web services have to be enabled first',
}
