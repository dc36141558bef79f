import { format, formatPlural } from '../messages/format.ts'
import { byId, cloneChildren, element } from './elements.ts'
import { createSearch, type Searchable } from './search.ts'
import type { TrackOnPage } from './track.ts'

const maxResults = 8

/** An item that can be found: its link in the overview, and its place. */
interface Result {
  link: HTMLAnchorElement
  place: string
}

/** Shows what is found while the reader types, as a list of which the arrow keys select one. `open` opens the item of a link. */
export const addFinder = (
  track: TrackOnPage,
  open: (link: HTMLAnchorElement, event: MouseEvent | KeyboardEvent) => void,
) => {
  const input = byId('search', HTMLInputElement)
  const list = byId('results', HTMLElement)
  const messages = track.messages.roadmap
  let search: ((query: string) => string[]) | undefined
  let found: Result[] = []
  let selected = -1
  const results = new Map<string, Result>()

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
      for (const item of document.querySelectorAll<HTMLElement>(`[data-${noun}]`)) {
        const link = item.querySelector('a')
        const heading = item.parentElement?.previousElementSibling?.textContent ?? ''
        const stage = item.closest('.stage')?.querySelector('h2')?.textContent ?? ''
        const id = `${noun} ${item.dataset[noun]}`
        if (link && !results.has(id)) add(id, link, `${stage} · ${heading}`)
      }
    return createSearch(items)
  }

  const select = (index: number): void => {
    selected = index
    for (const [at, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(at === index))
    list.children[index]?.scrollIntoView({ block: 'nearest' })
    if (index < 0) input.removeAttribute('aria-activedescendant')
    else input.setAttribute('aria-activedescendant', `result-${index}`)
  }

  const show = (): void => {
    const query = input.value.trim()
    search ??= prepare()
    const ids = query === '' ? [] : search(query)
    found = ids.slice(0, maxResults).flatMap(id => results.get(id) ?? [])
    const options = found.map(({ link, place }, index) =>
      element(
        'li',
        { role: 'option', id: `result-${index}`, 'aria-selected': 'false', dir: 'auto' },
        element('span', { class: 'title' }, ...cloneChildren(link)),
        ' ',
        element('small', {}, place),
      ),
    )
    const nothing = query !== '' && found.length === 0
    list.replaceChildren(...options)
    if (nothing)
      list.append(element('li', { role: 'option', 'aria-disabled': 'true' }, format(messages.noResults, { query })))
    list.hidden = query === ''
    input.setAttribute('aria-expanded', String(query !== ''))
    byId('found', HTMLElement).textContent =
      query === '' ? '' : formatPlural(track.messages, messages.results, ids.length)
    select(-1)
  }

  const hide = (): void => {
    list.hidden = true
    input.setAttribute('aria-expanded', 'false')
    select(-1)
  }

  const choose = (index: number, event: MouseEvent | KeyboardEvent): void => {
    const result = found[index]
    if (result === undefined) return
    hide()
    open(result.link, event)
  }

  input.addEventListener('input', show)
  input.addEventListener('focus', () => input.value.trim() !== '' && show())
  input.addEventListener('blur', hide)
  input.addEventListener('keydown', event => {
    const count = found.length
    if (event.key === 'Escape' && (input.value !== '' || !list.hidden)) {
      event.preventDefault()
      event.stopPropagation()
      input.value = ''
      show()
    } else if (event.key === 'Enter') {
      event.preventDefault()
      choose(Math.max(selected, 0), event)
    } else if (count > 0 && !list.hidden && (event.key === 'ArrowDown' || event.key === 'ArrowUp')) {
      event.preventDefault()
      const step = event.key === 'ArrowDown' ? 1 : -1
      select(selected < 0 ? (step > 0 ? 0 : count - 1) : (selected + step + count) % count)
    }
  })
  list.addEventListener('mousedown', event => event.preventDefault()) // The focus stays in the input.
  list.addEventListener('click', event => {
    const option = event.target instanceof Element ? event.target.closest('[role=option]') : null
    choose(option ? [...list.children].indexOf(option) : -1, event)
  })
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
