import { learningPath } from '../../model/path.ts'
import { sumDurations } from '../../model/sum-durations.ts'
import { formatTotal } from '../messages/durations.ts'
import { format, formatPlural } from '../messages/format.ts'
import { addCombobox } from './combobox.ts'
import { byId, element } from './elements.ts'
import { addGraphs } from './graph.ts'
import { createSearch } from './search.ts'
import type { TrackOnPage } from './track.ts'

const maxOptions = 8

/**
 * Adds the choice of a target, and takes known skills off the path that the page shows. `stored` is the target of the last visit;
 * `change` ticks a skill in the whole page.
 */
export const addPath = (
  track: TrackOnPage,
  known: ReadonlySet<string>,
  stored: string | null,
  change: (slug: string, isKnown: boolean) => void,
) => {
  const { messages, skills, bySlug, graph, linkTo } = track
  const words = messages.path
  const form = document.querySelector<HTMLFormElement>('.path-form')
  /** True in the exported file, which no server answers: the script lists the steps. */
  const inFile = document.body.classList.contains('file')
  let target: string | null = document.getElementById('path')?.dataset.targets ?? null
  let steps: string[] = []
  let knownBefore: ReadonlySet<string> = new Set()
  let showsKnown = false

  const targetSkills = (names: string): string[] => names.split(',').flatMap(name => track.targetSkills(name) ?? [])

  const urlOf = (names: string): string => {
    if (inFile) return `#to=${names}`
    const url = new URL(form?.action ?? location.href)
    url.searchParams.set('to', names)
    return url.href.replaceAll('%3A', ':').replaceAll('%2C', ',')
  }

  /** Returns the title of each skill and project that can be a target. */
  const titles = (): Map<string, { title: string; place: string; words: string }> => {
    const found = new Map(
      skills.map(skill => [
        skill.slug,
        { title: skill.link.textContent, place: track.placeOf(skill), words: skill.words ?? '' },
      ]),
    )
    for (const item of document.querySelectorAll<HTMLElement>('[data-project]')) {
      const name = `project:${item.dataset.project}`
      const link = item.querySelector('a')
      if (link && track.targetSkills(name)?.length)
        found.set(name, { title: link.textContent, place: words.project, words: '' })
    }
    return found
  }

  const lines = (): HTMLElement[] => [...document.querySelectorAll<HTMLElement>('#path-steps > li')]

  const show = (): void => {
    const goals = target === null ? [] : targetSkills(target)
    steps = learningPath(graph, goals, known).map(({ key }) => key)
    const places = new Map(steps.map((slug, index) => [slug, index + 1]))
    for (const { slug, item } of skills) {
      item.querySelector('.step')?.remove()
      item.classList.toggle('on-way', places.has(slug))
      item.classList.toggle('goal', places.has(slug) && goals.includes(slug))
      const place = places.get(slug)
      if (place !== undefined)
        item.append(
          element(
            'span',
            { class: 'step', title: format(words.stepOf, { step: place, count: steps.length }) },
            String(place),
          ),
        )
    }
    for (const line of lines()) {
      const slug = line.dataset.step ?? ''
      const isLeft = places.has(slug) || !bySlug.has(slug)
      const box = line.querySelector('input')
      if (box) box.checked = known.has(slug)
      line.classList.toggle('known', !isLeft)
      line.hidden = !isLeft && knownBefore.has(slug) && !showsKnown
    }
    const length = document.getElementById('path-length')
    if (length) length.textContent = summary()
    const toggle = document.getElementById('known-steps')
    if (toggle) {
      toggle.hidden = knownBefore.size === 0
      toggle.textContent = showsKnown ? words.hideKnown : formatPlural(messages, words.showKnown, knownBefore.size)
      toggle.setAttribute('aria-expanded', String(showsKnown))
    }
    graphs.show()
  }

  const summary = (): string => {
    const left = lines().filter(line => !line.classList.contains('known')).length
    if (left === 0) return words.done
    const time = formatTotal(messages, sumDurations(steps.map(slug => bySlug.get(slug)?.duration)))
    return [formatPlural(messages, words.left, left), time].filter(Boolean).join(' · ')
  }

  const addBox = (line: HTMLElement): void => {
    const slug = line.dataset.step ?? ''
    if (!bySlug.has(slug)) return
    const title = line.querySelector('a')?.textContent ?? ''
    const box = element('input', {
      type: 'checkbox',
      class: 'tick',
      'aria-label': format(words.know, { skill: title }),
    })
    box.addEventListener('change', () => change(slug, box.checked))
    line.prepend(box)
  }

  /** Prepares the steps that are on the page. */
  const begin = (): void => {
    for (const line of lines()) addBox(line)
    const left = new Set(learningPath(graph, target === null ? [] : targetSkills(target), known).map(({ key }) => key))
    knownBefore = new Set(
      lines()
        .map(line => line.dataset.step ?? '')
        .filter(slug => bySlug.has(slug) && !left.has(slug)),
    )
    show()
  }

  /** Lists the steps of a path in the exported file. */
  const list = (names: string): void => {
    const all = learningPath(graph, targetSkills(names), new Set())
    const found = titles()
    const title = names.split(',').map(name => found.get(name)?.title ?? name)
    byId('path-title', HTMLElement).textContent = format(words.heading, {
      target: new Intl.ListFormat(messages.language).format(title),
    })
    document.querySelector('.path-parts')?.remove()
    document
      .querySelector('.choice')
      ?.after(
        element(
          'div',
          { class: 'path-parts' },
          element('p', { class: 'path-facts', id: 'path-length', role: 'status' }),
          element(
            'ol',
            { class: 'path-steps', id: 'path-steps' },
            ...all.map(({ key }) =>
              element('li', { 'data-step': key, 'data-tier': bySlug.get(key)?.tier ?? '' }, linkTo(key)),
            ),
          ),
        ),
      )
    target = names
    begin()
  }

  /** Shows the path to targets; returns false when there is no such target. */
  const choose = (names: string): boolean => {
    if (targetSkills(names).length === 0) return false
    if (inFile) {
      if (names !== target) list(names)
    } else if (names !== target) location.replace(urlOf(names))
    return true
  }

  const reveal = (): void => {
    const title = byId('path-title', HTMLElement)
    title.tabIndex = -1
    title.focus({ preventScroll: true })
    title.scrollIntoView({ block: 'start' })
  }

  const addPicker = (): void => {
    const input = byId('target', HTMLInputElement)
    let options: ReturnType<typeof titles> = new Map()
    let search: ((query: string) => string[]) | undefined
    /** Reads the titles from the page when the reader begins to type. */
    const prepare = (): ((query: string) => string[]) => {
      options = titles()
      return createSearch([...options].map(([id, { title, words }]) => ({ id, title, code: '', words })))
    }
    addCombobox(
      { input, list: byId('target-options', HTMLElement), status: byId('target-status', HTMLElement) },
      {
        find: query => {
          search ??= prepare()
          return search(query)
            .slice(0, maxOptions)
            .map(name => ({
              content: [
                element('span', { class: 'title' }, options.get(name)?.title ?? ''),
                ' ',
                element('small', {}, options.get(name)?.place ?? ''),
              ],
              choose: () => location.assign(urlOf(name)),
            }))
        },
        describe: count => (count === 0 ? words.nothing : formatPlural(messages, words.found, count)),
      },
    )
    if (inFile) form?.addEventListener('submit', event => event.preventDefault())
  }

  const addCopyButton = (): void => {
    const copy = document.getElementById('copy-path')
    if (!navigator.clipboard) copy?.remove()
    if (!copy || !navigator.clipboard) return
    copy.addEventListener('click', async () => {
      await navigator.clipboard.writeText(location.href)
      copy.textContent = words.copied
      setTimeout(() => {
        copy.textContent = words.copy
      }, 2_000)
    })
  }

  /** Offers the target of the last visit. */
  const addResumeLink = (): void => {
    const title = stored === null ? undefined : titles().get(stored)?.title
    if (stored === null || title === undefined || target !== null) return
    form?.after(
      element('p', { class: 'resume' }, element('a', { href: urlOf(stored) }, format(words.resume, { target: title }))),
    )
  }

  const graphs = addGraphs(
    slug => known.has(slug) || (bySlug.has(slug) && target !== null && !steps.includes(slug)),
    slug => steps.indexOf(slug) + 1 || undefined,
  )
  document.getElementById('known-steps')?.addEventListener('click', () => {
    showsKnown = !showsKnown
    show()
  })
  addCopyButton()
  addResumeLink()
  byId('target', HTMLInputElement).addEventListener('focus', addPicker, { once: true })
  begin()

  return {
    show,
    choose,
    reveal,
    urlOf,
    /** Returns the targets of the path on the page, otherwise those of the last visit. */
    target: (): string | null => target ?? stored,
    /** Returns the skills of the path that are left, in order. */
    steps: (): readonly string[] => steps,
  }
}
