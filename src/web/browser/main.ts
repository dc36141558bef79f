import { readAddress } from './address.ts'
import { button, element } from './elements.ts'
import { addFilter } from './filter.ts'
import { addPanel } from './panel.ts'
import { addWay } from './path.ts'
import { keptIn } from './storage.ts'
import { addTicks } from './ticks.ts'
import { trackOn } from './track.ts'

document.documentElement.classList.add('with-script')
for (const part of document.querySelectorAll<HTMLElement>('.script-only')) part.hidden = false

const track = trackOn(document)
const kept = keptIn(() => localStorage, track.track)
const known = new Set<string>()
const learn = (): void => {
  const ids = new Set(kept.read().known)
  known.clear()
  for (const { id, slug } of track.skills) if (ids.has(id)) known.add(slug)
}
learn()

const keep = (): void => {
  const ids = track.skills.filter(({ slug }) => known.has(slug)).map(({ id }) => id)
  kept.write({ known: ids, target: way.target.value || null })
}

const ticks = addTicks(track, known, () => {
  keep()
  way.show()
})
const filter = addFilter(
  track,
  () => way.show(),
  hash => go(hash),
)
const way = addWay(track, known, filter.offered)
way.choose(kept.read().target ?? '')
way.target.addEventListener('change', () => {
  way.show()
  keep()
})

const skillOf = (id: string) => track.bySlug.get(id.replace(/^skill-/, ''))

const panel = addPanel({
  leave: () => go(''),
  where: id => {
    const skill = id.startsWith('skill-') ? skillOf(id) : undefined
    if (skill === undefined) return []
    const tier = track.tiers.find(one => one.tier === skill.tier)
    const category = document.querySelector(`[data-category="${skill.category}"] h3`)?.textContent ?? ''
    const place = way.placeOf(skill.slug)
    return [
      element(
        'p',
        { class: 'where', 'data-tier': skill.tier },
        [tier?.title, category, place].filter(Boolean).join(' · '),
      ),
    ]
  },
  controls: id => {
    const skill = id.startsWith('skill-') ? skillOf(id) : undefined
    const target = skill?.slug ?? id.replace(/^project-/, 'project:')
    if (!track.targetSkills(target)?.length) return []
    const show = button('wanted', 'Show the way', 'Show the way', () => go(`#to=${target}`))
    if (skill === undefined) return [element('div', { class: 'controls' }, show)]
    const { before, after } = way.neighbours(skill.slug)
    const step = (slug: string | undefined, sign: string, label: string) => {
      const made = button('go', sign, label, () => go(`#skill-${slug}`))
      made.disabled = slug === undefined
      return made
    }
    return [
      element(
        'div',
        { class: 'controls' },
        ticks.boxInPanel(skill),
        show,
        step(before, '←', 'The skill before'),
        step(after, '→', 'The skill after'),
      ),
    ]
  },
})

let shown: string | undefined

/** Shows what the address says, however it came to say so. */
const follow = (): void => {
  const asked = readAddress(location.hash)
  if (asked && 'target' in asked && way.choose(asked.target)) keep()
  const entry = asked && 'entry' in asked ? asked.entry : undefined
  for (const old of document.querySelectorAll('.desk [aria-current]')) old.removeAttribute('aria-current')
  if (entry !== undefined && panel.open(entry)) {
    shown = entry
    document.querySelector(`.matrix a[href="#${entry}"]`)?.setAttribute('aria-current', 'true')
  } else panel.close(shown)
}

const go = (hash: string): void => {
  history.pushState(null, '', hash === '' ? location.pathname + location.search : hash)
  follow()
}

// The browser would unfold and scroll to the entry, away from where the reader is.
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#"]') : null
  if (!link || !readAddress(link.hash) || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  if (link.hash !== location.hash) go(link.hash)
})
addEventListener('popstate', follow)
addEventListener('storage', ({ key }) => {
  if (key !== kept.name) return
  learn()
  ticks.show()
  way.show()
})

// Paper cannot be unfolded.
let unfolded: HTMLDetailsElement[] = []
addEventListener('beforeprint', () => {
  unfolded = [...document.querySelectorAll<HTMLDetailsElement>('details:not([open])')]
  for (const one of unfolded) one.open = true
})
addEventListener('afterprint', () => {
  for (const one of unfolded) one.open = false
})

follow()
