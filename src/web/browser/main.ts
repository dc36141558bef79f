import { format } from '../messages/format.ts'
import { closeAreas, openArea } from './areas.ts'
import { element } from './elements.ts'
import { addFilter } from './filter.ts'
import { addFinder } from './finder.ts'
import { parseFragment } from './fragment.ts'
import { addNext } from './next.ts'
import { addPanel } from './panel.ts'
import { addPath } from './path.ts'
import { createStorage } from './storage.ts'
import { addTicks } from './ticks.ts'
import { readTrack } from './track.ts'

// The browser paints the page before the script changes it.
await new Promise(painted => requestAnimationFrame(() => setTimeout(painted)))

closeAreas()
const track = readTrack(document)
const messages = track.messages.roadmap
const storage = createStorage(() => localStorage, track.track)
const known = new Set<string>()
const loadKnown = (): void => {
  const ids = new Set(storage.read().known)
  known.clear()
  for (const { id, slug } of track.skills) if (ids.has(id)) known.add(slug)
}
loadKnown()

const save = (): void => {
  const ids = track.skills.filter(({ slug }) => known.has(slug)).map(({ id }) => id)
  storage.write({ known: ids, target: path.target() })
}

const update = (): void => {
  save()
  path.show()
  next.show()
}
const ticks = addTicks(track, known, update)
const next = addNext(track, known)
next.show()
const path = addPath(track, known, storage.read().target, (slug, isKnown) => {
  if (isKnown) known.add(slug)
  else known.delete(slug)
  ticks.show()
  update()
})
save()
addFilter()
addFinder(track, link => follow(link))

/** Returns the link of an entry in the overview. */
const linkOf = (id: string): HTMLAnchorElement | null => {
  const [noun] = id.split('-', 1)
  return document.querySelector(`.stages [data-${noun}="${id.slice(`${noun}-`.length)}"] > a`)
}

/** The entries by the URLs of their pages. */
const entriesByUrl = new Map(
  ['skill', 'project', 'exercise'].flatMap(noun =>
    [...document.querySelectorAll<HTMLElement>(`.stages [data-${noun}]`)].map((item): [string, string] => [
      item.querySelector('a')?.href ?? '',
      `${noun}-${item.dataset[noun]}`,
    ]),
  ),
)

const skillOf = (id: string) => (id.startsWith('skill-') ? track.bySlug.get(id.slice('skill-'.length)) : undefined)

const panel = addPanel({
  messages,
  placeOf: id => {
    const skill = skillOf(id)
    return skill === undefined ? [] : [track.placeOf(skill)]
  },
  onClose: () => {
    const depth: unknown = history.state?.entries
    if (typeof depth === 'number') history.go(-depth)
    else {
      history.replaceState(null, '', location.pathname + location.search)
      showFragment()
    }
  },
  controls: id => {
    const skill = skillOf(id)
    const target = skill?.slug ?? id.replace(/^project-/, 'project:')
    if (!track.targetSkills(target)?.length) return []
    const show = element('a', { class: 'show-path secondary', href: path.urlOf(target) }, messages.showPath)
    if (skill === undefined) return [element('div', { class: 'controls' }, show)]
    const order = path.steps().includes(skill.slug) ? path.steps() : [...track.bySlug.keys()]
    const at = order.indexOf(skill.slug)
    const step = (slug: string | undefined, sign: string, label: string) => {
      const arrow = element('button', { type: 'button', class: 'step-to', 'aria-label': label, title: label }, sign)
      arrow.disabled = slug === undefined
      arrow.addEventListener('click', () => navigate(`#skill-${slug}`))
      return arrow
    }
    return [
      element(
        'div',
        { class: 'controls' },
        ticks.createPanelBox(skill),
        show,
        step(order[at - 1], '←', messages.previous),
        step(order[at + 1], '→', messages.following),
      ),
      element(
        'p',
        { class: 'panel-progress' },
        ticks.createCount(),
        ...(order === path.steps() ? [' · ', format(messages.step, { step: at + 1, count: order.length })] : []),
      ),
    ]
  },
})

/** Marks the item of the open entry in the overview. */
const mark = (link: HTMLElement | null | undefined): void => {
  for (const old of document.querySelectorAll('.stages [aria-current]')) old.removeAttribute('aria-current')
  link?.setAttribute('aria-current', 'true')
}

let shownEntry: string | undefined

/** Shows the entry or path of the current URL. */
const showFragment = (): void => {
  const request = parseFragment(location.hash)
  const showsPath = request !== undefined && 'target' in request && path.choose(request.target)
  if (showsPath) save()
  const entry = request && 'entry' in request ? request.entry : undefined
  const link = entry === undefined ? null : linkOf(entry)
  if (link) openArea(link)
  mark(link)
  if (entry !== undefined && panel.open(entry, link)) {
    link?.scrollIntoView(shownEntry === undefined ? { block: 'center', behavior: 'instant' } : { block: 'nearest' })
    shownEntry = entry
  } else panel.close(shownEntry === undefined ? null : linkOf(shownEntry))
  if (showsPath) path.reveal()
}

const navigate = (hash: string): void => {
  const depth: unknown = history.state?.entries
  history.pushState({ entries: (typeof depth === 'number' ? depth : 0) + 1 }, '', hash)
  showFragment()
}

/** Returns the fragment of the entry that a link leads to. */
const fragmentOf = (link: HTMLAnchorElement): string | undefined => {
  const entry = entriesByUrl.get(link.href)
  if (entry !== undefined) return `#${entry}`
  const isHere = link.href.split('#')[0] === location.href.split('#')[0]
  return isHere && parseFragment(link.hash) ? link.hash : undefined
}

const follow = (link: HTMLAnchorElement): void => {
  const fragment = fragmentOf(link)
  if (fragment === undefined) location.assign(link.href)
  else navigate(fragment)
}

/** Returns true for a link that leads to the page of an entry on purpose. */
const isToPage = (link: HTMLAnchorElement): boolean =>
  link.matches('#start, .full-page a') && !link.getAttribute('href')?.startsWith('#')

// A link to an entry opens the panel; with a modifier key, or where it says so, the browser follows it.
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href]') : null
  if (!link || isToPage(link) || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return
  const fragment = fragmentOf(link)
  if (fragment === undefined) return
  event.preventDefault()
  if (fragment !== location.hash) navigate(fragment)
})
// The browser first moves the focus to the fragment to which it went back.
addEventListener('popstate', () => setTimeout(showFragment))
addEventListener('storage', ({ key }) => {
  if (key !== storage.name) return
  loadKnown()
  ticks.show()
  path.show()
  next.show()
})

// On load, the browser also scrolls to the fragment and moves the focus away from the panel: the script waits for it.
if (document.readyState === 'complete') showFragment()
else addEventListener('load', () => setTimeout(showFragment))
