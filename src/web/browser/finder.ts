import { format, formatPlural } from '../messages/format.ts'
import { addCombobox } from './combobox.ts'
import { byId, cloneChildren, element } from './elements.ts'
import { createSearch, type Searchable } from './search.ts'
import type { TrackOnPage } from './track.ts'

const maxResults = 8

/** An item that can be found: its link in the overview, and its place. */
interface Result {
  link: HTMLAnchorElement
  place: string
}

/** Searches the titles of the overview while the reader types. `open` opens the item of a link. */
export const addFinder = (track: TrackOnPage, open: (link: HTMLAnchorElement) => void): void => {
  const input = byId('search', HTMLInputElement)
  const words = track.messages.roadmap
  const results = new Map<string, Result>()
  let search: ((query: string) => string[]) | undefined

  /** Reads the titles from the page when the reader begins to search. */
  const prepare = (): ((query: string) => string[]) => {
    const items: Searchable[] = []
    const add = (id: string, link: HTMLAnchorElement, place: string, words = ''): void => {
      const code = link.querySelector('.code')?.textContent ?? ''
      items.push({ id, code, title: link.textContent.slice(code.length).trim(), words })
      results.set(id, { link, place })
    }
    for (const skill of track.skills) add(skill.slug, skill.link, track.placeOf(skill), skill.words)
    for (const noun of ['project', 'exercise'])
      for (const item of document.querySelectorAll<HTMLElement>(`.stages [data-${noun}]`)) {
        const link = item.querySelector('a')
        const heading = item.parentElement?.previousElementSibling?.textContent ?? ''
        const stage = item.closest('.stage')?.querySelector('h2')?.textContent ?? ''
        const id = `${noun} ${item.dataset[noun]}`
        if (link && !results.has(id)) add(id, link, `${stage} · ${heading}`)
      }
    return createSearch(items)
  }

  let count = 0
  addCombobox(
    { input, list: byId('results', HTMLElement), status: byId('found', HTMLElement) },
    {
      find: query => {
        search ??= prepare()
        const ids = search(query)
        count = ids.length
        return ids
          .slice(0, maxResults)
          .flatMap(id => results.get(id) ?? [])
          .map(({ link, place }) => ({
            content: [element('span', { class: 'title' }, ...cloneChildren(link)), ' ', element('small', {}, place)],
            choose: () => open(link),
          }))
      },
      describe: () =>
        count === 0
          ? format(words.noResults, { query: input.value.trim() })
          : formatPlural(track.messages, words.results, count),
    },
  )
  input.form?.addEventListener('submit', event => event.preventDefault())
  document.addEventListener('keydown', event => {
    const typing =
      event.target instanceof HTMLElement && event.target.closest('input:not([type=checkbox]), select, dialog:modal')
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    input.focus()
    input.select()
  })
}
