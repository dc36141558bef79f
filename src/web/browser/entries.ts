import { cloneChildren, element } from './elements.ts'

/** The content of the panel: an item as its page or the exported file shows it. */
export interface Entry {
  /** The item's place in the track, above its title. */
  where: string[]
  title: Node[]
  content: Node[]
  /** The URL of its page; undefined for an item that has none. */
  page?: string
}

/** Returns the entry that this page holds; undefined if it holds none with this id. */
export const entryOnPage = (id: string): Entry | undefined => {
  const entry = document.getElementById(id)
  if (!entry?.classList.contains('entry')) return undefined
  const summary = entry.parentElement?.querySelector('summary')
  return {
    where: factsIn(summary?.querySelector('.aside')),
    title: cloneChildren(summary?.querySelector('.title') ?? null),
    content: adapt(element('div', {}, ...cloneChildren(entry)), location.href),
  }
}

/** Returns the facts of a line that the server has rendered. */
const factsIn = (line: Element | null | undefined): string[] =>
  [...(line?.querySelectorAll('bdi') ?? [])].map(fact => String(fact.textContent))

const fetched = new Map<string, Promise<Entry>>()

/** Returns the entry of the page at a URL. */
export const entryOfPage = (url: string): Promise<Entry> => {
  const existing = fetched.get(url)
  if (existing) return existing
  const entry = fetchEntry(url)
  fetched.set(url, entry)
  entry.catch(() => fetched.delete(url))
  return entry
}

const fetchEntry = async (url: string): Promise<Entry> => {
  const response = await fetch(url, { headers: { accept: 'text/html' } })
  if (!response.ok) throw new Error(`${url} answers ${response.status}`)
  const page = new DOMParser().parseFromString(await response.text(), 'text/html')
  const article = page.querySelector('article.item')
  const content = article?.querySelector('.entry')
  if (!article || !content) throw new Error(`${url} is not the page of an item`)
  return {
    where: factsIn(article.querySelector('.where')),
    title: cloneChildren(article.querySelector('h1')),
    content: adapt(content, response.url),
    page: url,
  }
}

/** Adapts content to the panel: its headings follow the panel's, its ids are unique, and its links are absolute. */
const adapt = (content: Element, base: string): Node[] => {
  const headings = [...content.querySelectorAll('h2, h3, h4, h5, h6')]
  const top = Math.min(...headings.map(levelOf))
  for (const old of headings) {
    const level = levelOf(old) - top + 3
    const name = (['h3', 'h4', 'h5', 'h6'] as const)[level - 3] ?? 'h6'
    old.replaceWith(element(name, level > 6 ? { 'aria-level': String(level) } : {}, ...cloneChildren(old)))
  }
  for (const target of content.querySelectorAll('[id]')) target.id = inPanel(target.id)
  for (const [selector, attribute] of [
    ['[href]', 'href'],
    ['[src]', 'src'],
  ] as const)
    for (const one of content.querySelectorAll(selector)) {
      const address = one.getAttribute(attribute) ?? ''
      const target = inPanel(address.slice(1))
      if (address.startsWith('#') && content.querySelector(`[id="${CSS.escape(target)}"]`))
        one.setAttribute(attribute, `#${target}`)
      else one.setAttribute(attribute, new URL(address, base).href)
    }
  return [...content.childNodes]
}

const levelOf = (heading: Element): number => Number(heading.getAttribute('aria-level') ?? heading.localName.slice(1))

const inPanel = (id: string): string => `panel-${id}`
