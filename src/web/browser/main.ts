import { button, element } from './elements.ts'
import { addFilter } from './filter.ts'
import { parseFragment } from './fragment.ts'
import { addNext } from './next.ts'
import { addPanel } from './panel.ts'
import { addPath } from './path.ts'
import { createStorage } from './storage.ts'
import { addTicks } from './ticks.ts'
import { readTrack } from './track.ts'

document.documentElement.classList.add('with-script')
for (const part of document.querySelectorAll<HTMLElement>('.script-only')) part.hidden = false

const track = readTrack(document)
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

const ticks = addTicks(track, known, () => {
  save()
  path.show()
  next.show()
})
const filter = addFilter(
  track,
  () => next.show(),
  hash => navigate(hash),
)
const next = addNext(track, known, filter.offered)
next.show()
const path = addPath(track, known, save)
path.choose(storage.read().target ?? '')

const skillOfEntry = (id: string) => track.bySlug.get(id.replace(/^skill-/, ''))

const placeOnPath = (slug: string): string | undefined => {
  const place = path.steps().indexOf(slug) + 1
  return place === 0 ? undefined : `Step ${place} of ${path.steps().length}`
}

/** Returns the neighbours on the path, or in the order of the curriculum for a skill that is not on it. */
const neighbours = (slug: string): { before: string | undefined; after: string | undefined } => {
  const steps = path.steps()
  const order = steps.includes(slug) ? steps : [...track.bySlug.keys()]
  const at = order.indexOf(slug)
  return { before: order[at - 1], after: order[at + 1] }
}

const panel = addPanel({
  onClose: () => navigate(''),
  where: id => {
    const skill = id.startsWith('skill-') ? skillOfEntry(id) : undefined
    const remarks = document.getElementById(id)?.previousElementSibling?.querySelector('.aside')?.textContent ?? ''
    if (skill === undefined) return remarks === '' ? [] : [element('p', { class: 'where' }, remarks)]
    const tier = track.tiers.find(one => one.tier === skill.tier)
    const category =
      document.querySelector(`[data-category="${skill.category}"] > :is(h3, h4, h5) a`)?.textContent ?? ''
    const place = placeOnPath(skill.slug)
    return [
      element(
        'p',
        { class: 'where', 'data-tier': skill.tier },
        [tier?.title, category, place, remarks].filter(Boolean).join(' · '),
      ),
    ]
  },
  controls: id => {
    const skill = id.startsWith('skill-') ? skillOfEntry(id) : undefined
    const target = skill?.slug ?? id.replace(/^project-/, 'project:')
    if (!track.targetSkills(target)?.length) return []
    const show = button('wanted', 'Show the way', 'Show the way', () => navigate(`#to=${target}`))
    if (skill === undefined) return [element('div', { class: 'controls' }, show)]
    const { before, after } = neighbours(skill.slug)
    const step = (slug: string | undefined, sign: string, label: string) => {
      const arrow = button('go', sign, label, () => navigate(`#skill-${slug}`))
      arrow.disabled = slug === undefined
      return arrow
    }
    return [
      element(
        'div',
        { class: 'controls' },
        ticks.createPanelBox(skill),
        show,
        step(before, '←', 'The skill before'),
        step(after, '→', 'The skill after'),
      ),
    ]
  },
})

let shownEntry: string | undefined

/** Shows the entry or path of the current URL. */
const showFragment = (): void => {
  const request = parseFragment(location.hash)
  if (request && 'target' in request && path.choose(request.target)) save()
  const entry = request && 'entry' in request ? request.entry : undefined
  for (const old of document.querySelectorAll('.desk [aria-current]')) old.removeAttribute('aria-current')
  if (entry !== undefined && panel.open(entry)) {
    shownEntry = entry
    document.querySelector(`.matrix a[href="#${entry}"]`)?.setAttribute('aria-current', 'true')
  } else panel.close(shownEntry)
}

const navigate = (hash: string): void => {
  history.pushState(null, '', hash === '' ? location.pathname + location.search : hash)
  showFragment()
}

// Prevents the browser from expanding the entry and scrolling to it, away from the matrix.
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null
  if (!link || !parseFragment(link.hash) || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  if (link.hash !== location.hash) navigate(link.hash)
})
addEventListener('popstate', showFragment)
addEventListener('storage', ({ key }) => {
  if (key !== storage.name) return
  loadKnown()
  ticks.show()
  path.show()
  next.show()
})

// Collapsed entries are opened for printing, but no hint, solution or answer.
let unfolded: HTMLDetailsElement[] = []
addEventListener('beforeprint', () => {
  unfolded = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open], .spoiler)')]
  for (const one of unfolded) one.open = true
})
addEventListener('afterprint', () => {
  for (const one of unfolded) one.open = false
})

showFragment()
