import { directionOf } from '../../messages/direction.ts'
import { format, formatPlural } from '../../messages/format.ts'
import { element } from '../elements.ts'
import { type Addresses, type Folder, parseSource, wordsOf } from './address.ts'
import {
  type EmbeddedItem,
  type EmbeddedRoadmap,
  type EmbeddedTrack,
  type Stage,
  splitCode,
  stagesOf,
  tiersOf,
  unknownTier,
} from './content.ts'
import type { EmbedSettings, EmbedWords } from './settings.ts'

/** Declared before this script in `/embed.js`. */
declare const settings: EmbedSettings

/** Shows a roadmap of the service, or the path to a skill or project, on a page of any origin. */
class CurriculumRoadmap extends HTMLElement {
  static readonly observedAttributes = ['src', 'tier', 'target']

  readonly #content = element('div')
  #loading = new AbortController()
  #isScheduled = false

  connectedCallback(): void {
    if (this.shadowRoot === null) {
      const sheet = new CSSStyleSheet()
      sheet.replaceSync(settings.style)
      const root = this.attachShadow({ mode: 'open' })
      root.adoptedStyleSheets = [sheet]
      root.append(this.#content)
    }
    this.#schedule()
  }

  disconnectedCallback(): void {
    this.#loading.abort()
  }

  attributeChangedCallback(): void {
    this.#schedule()
  }

  /** Loads once, after all attributes that a script sets together. */
  #schedule(): void {
    if (this.#isScheduled) return
    this.#isScheduled = true
    queueMicrotask(() => {
      this.#isScheduled = false
      if (this.isConnected) void this.#load()
    })
  }

  async #load(): Promise<void> {
    this.#loading.abort()
    this.#loading = new AbortController()
    const { signal } = this.#loading
    const words = wordsFor(this.closest('[lang]')?.getAttribute('lang') ?? navigator.language)
    const addresses = parseSource(this.getAttribute('src') ?? '', document.baseURI)
    this.#show(words.language, statusElement(words.loading))
    this.setAttribute('aria-busy', 'true')
    try {
      if (addresses === undefined)
        throw new Error(
          'The attribute src must be the URL of a track, such as https://curriculum.example/tracks/python.',
        )
      const target = this.getAttribute('target')
      const shown = target
        ? await loadPath(addresses, target, signal)
        : await loadRoadmap(addresses, wordsOf(this.getAttribute('tier')), signal)
      if (!signal.aborted) this.#show(shown.language, ...shown.content)
    } catch (error) {
      if (signal.aborted) return
      // For the author of the page; a reader gets the element's own words.
      console.error('curriculum-roadmap:', error)
      const retry = element('button', { type: 'button', part: 'retry' }, words.retry)
      retry.addEventListener('click', () => this.#schedule())
      this.#show(
        words.language,
        element(
          'div',
          { class: 'error', role: 'alert', part: 'error' },
          element('p', {}, error instanceof NotFound ? words.notFound : words.failed),
          element('p', {}, retry, ...(addresses ? [link(addresses.page, words.openPage)] : [])),
        ),
      )
    }
    this.removeAttribute('aria-busy')
  }

  #show(language: string, ...content: Node[]): void {
    this.#content.lang = language
    this.#content.dir = directionOf(language)
    this.#content.replaceChildren(...content)
  }
}

/** Thrown if the track, skill or project does not exist. */
class NotFound extends Error {}

/** The content of the element, and its language. */
interface Shown {
  language: string
  content: Node[]
}

const loadRoadmap = async (addresses: Addresses, tiers: string[], signal: AbortSignal): Promise<Shown> => {
  const unknown = unknownTier(tiers)
  if (unknown !== undefined)
    throw new Error(`There is no tier "${unknown}": the attribute tier may have beginner, intermediate and senior.`)
  const roadmap = await getJson<EmbeddedRoadmap>(`${addresses.api}/roadmap`, signal)
  const { language, title } = roadmap.track
  const words = wordsFor(language)
  const stages = stagesOf(roadmap, tiers)
  const count = stages.reduce((sum, stage) => sum + stage.count, 0)
  return {
    language,
    content: [
      heading(title),
      element('p', { class: 'facts', part: 'facts' }, formatPlural(words, words.skills, count)),
      stages.length === 0
        ? statusElement(words.empty)
        : element('ol', {}, ...stages.map((stage, index) => stageElement(stage, index + 1, words, addresses))),
      more(addresses.page, words.openPage),
    ],
  }
}

/** Renders a stage. Only the first is open: a whole roadmap is long. */
const stageElement = (stage: Stage, number: number, words: EmbedWords, addresses: Addresses): HTMLElement => {
  const { tier, title, theme, areas, projects, count } = stage
  const stageHeading = element('h3', { part: 'stage-title' }, ...inline(title))
  stageHeading.append(' ', element('span', { class: 'count' }, formatPlural(words, words.skills, count)))
  const details = element(
    'details',
    {},
    element('summary', {}, stageHeading, ...(theme ? [element('p', { class: 'theme' }, ...inline(theme))] : [])),
    element(
      'div',
      { class: 'areas' },
      ...areas.map(area =>
        element(
          'section',
          { class: 'area', part: 'area' },
          element('h4', { part: 'area-title' }, ...inline(area.title)),
          itemList(addresses, 'skills', area.skills, words),
        ),
      ),
    ),
  )
  if (projects.length > 0) details.append(projectList(projects, words, addresses))
  details.open = number === 1
  return element('li', { class: 'stage', part: `stage ${tier}`, 'data-tier': tier }, mark(number), details)
}

const projectList = (projects: EmbeddedItem[], words: EmbedWords, addresses: Addresses): HTMLElement =>
  element(
    'section',
    { class: 'projects', part: 'projects' },
    element('h4', { part: 'area-title' }, words.projects),
    itemList(addresses, 'projects', projects, words),
  )

const loadPath = async (addresses: Addresses, target: string, signal: AbortSignal): Promise<Shown> => {
  const project = addresses.project(target)
  const [track, path, goal] = await Promise.all([
    getJson<EmbeddedTrack>(addresses.api, signal),
    getJson<{ data: EmbeddedItem[] }>(`${addresses.api}/path?to=${encodeURIComponent(target)}`, signal),
    project === undefined ? undefined : getJson<EmbeddedItem>(project, signal),
  ])
  const words = wordsFor(track.language)
  const tierTitles = new Map(tiersOf(track).map(({ tier, title }) => [tier, title]))
  // The last step of the path to a skill is that skill.
  const title = (goal ?? path.data.at(-1))?.title ?? track.title
  const steps = path.data.map((step, index) =>
    element(
      'li',
      { class: 'step', part: `step ${step.tier}`, 'data-tier': `${step.tier}` },
      mark(index + 1),
      ...itemLink(addresses, 'skills', step, words),
      element('small', {}, ...inline(tierTitles.get(`${step.tier}`) ?? '')),
    ),
  )
  return {
    language: track.language,
    content: [
      heading(format(words.pathTo, { title })),
      element('p', { class: 'facts', part: 'facts' }, formatPlural(words, words.steps, path.data.length)),
      path.data.length === 0 ? statusElement(words.empty) : element('ol', {}, ...steps),
      more(`${addresses.page}?to=${encodeURIComponent(target)}`, words.openPage),
    ],
  }
}

const getJson = async <T>(url: string, signal: AbortSignal): Promise<T> => {
  const response = await fetch(url, { signal, credentials: 'omit', headers: { accept: 'application/json' } })
  if (response.ok) return response.json()
  const { detail } = await response.json().catch(() => ({ detail: undefined }))
  const message = detail ?? `${url} answered ${response.status}`
  // A target that does not exist is 400.
  throw [400, 404, 410].includes(response.status) ? new NotFound(message) : new Error(message)
}

/** Returns the words in a language; English if they are not translated into it. */
const wordsFor = (language: string): EmbedWords =>
  settings.words[language.split('-')[0]?.toLowerCase() ?? ''] ?? (settings.words.en as EmbedWords) // always sent

const heading = (title: string) => element('h2', { part: 'title' }, ...inline(title))

const mark = (number: number) => element('span', { class: 'mark', part: 'mark', 'aria-hidden': 'true' }, String(number))

const statusElement = (text: string) => element('p', { class: 'status', part: 'status', role: 'status' }, text)

const more = (url: string, text: string) => element('p', { class: 'more' }, link(url, text))

const link = (url: string, text: string) => element('a', { href: url, part: 'link' }, text)

const itemList = (addresses: Addresses, folder: Folder, items: EmbeddedItem[], words: EmbedWords): HTMLElement =>
  element('ul', {}, ...items.map(item => element('li', {}, ...itemLink(addresses, folder, item, words))))

const itemLink = (addresses: Addresses, folder: Folder, item: EmbeddedItem, words: EmbedWords): (Node | string)[] => [
  element(
    'a',
    { href: addresses.item(folder, item.key), part: `link ${folder === 'skills' ? 'skill' : 'project'}` },
    ...inline(item.title),
  ),
  ...(item.optional ? [' ', element('small', {}, words.optional)] : []),
]

/** Returns a text with its code spans as elements. */
const inline = (text: string): (Node | string)[] =>
  splitCode(text).map((part, index) => (index % 2 === 1 ? element('code', {}, part) : part))

if (customElements.get('curriculum-roadmap') === undefined)
  customElements.define('curriculum-roadmap', CurriculumRoadmap)
