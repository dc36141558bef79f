import { nextSkills } from '../../model/path.ts'
import { formatPlural } from '../messages/format.ts'
import { cloneChildren, element } from './elements.ts'
import type { TrackOnPage } from './track.ts'

const suggestions = 4

/** Shows the skills to learn next, the first of them also as the main action. */
export const addNext = (track: TrackOnPage, known: ReadonlySet<string>) => {
  const { messages, skills, graph, bySlug, linkTo, placeOf } = track
  const list = document.getElementById('next')
  const start = document.getElementById('start')

  const show = (): void => {
    const found = nextSkills(graph, known, () => true)
    const lines = found.slice(0, suggestions).flatMap(({ key, unlocks }) => {
      const skill = bySlug.get(key)
      if (skill === undefined) return []
      const opens = unlocks.length > 0 ? ` · ${formatPlural(messages, messages.roadmap.opens, unlocks.length)}` : ''
      return [element('li', { dir: 'auto' }, linkTo(key), ' ', element('small', {}, `${placeOf(skill)}${opens}`))]
    })
    list?.replaceChildren(...(lines.length > 0 ? lines : [element('li', {}, messages.roadmap.allKnown)]))
    const first = bySlug.get(found[0]?.key ?? '')
    if (!(start instanceof HTMLAnchorElement)) return
    start.hidden = first === undefined
    if (first === undefined) return
    start.href = first.link.getAttribute('href') ?? ''
    const label = known.size === 0 ? messages.roadmap.startWith : messages.roadmap.continueWith
    const [before = '', after = ''] = label.split('{title}')
    start.replaceChildren(before, ...cloneChildren(first.link), after)
  }

  return { show: () => skills.length > 0 && show() }
}
