import { learningPath } from '../../model/path.ts'
import { sumDurations } from '../../model/sum-durations.ts'
import { formatTotal } from '../durations.ts'
import { byId, element } from './elements.ts'
import type { TrackOnPage } from './track.ts'

/** Shows the path to the target as a list, and its steps in the overview. */
export const addPath = (
  { messages, skills, bySlug, graph, targetSkills, linkTo }: TrackOnPage,
  known: ReadonlySet<string>,
  onChoice: () => void,
) => {
  const target = byId('target', HTMLSelectElement)
  const list = byId('way', HTMLElement)
  let steps: string[] = []

  const show = (): void => {
    const targetSlugs = targetSkills(target.value)
    steps = learningPath(graph, targetSlugs ?? [], known).map(({ key }) => key)
    const places = new Map(steps.map((slug, index) => [slug, index + 1]))
    document.body.classList.toggle('on-the-way', steps.length > 0)
    for (const old of document.querySelectorAll('[data-skill] > .step')) old.remove()
    for (const { slug, item } of skills) {
      const place = places.get(slug)
      item.classList.toggle('on-way', place !== undefined)
      item.classList.toggle('goal', place !== undefined && (targetSlugs?.includes(slug) ?? false))
      if (place === undefined) continue
      item.append(element('span', { class: 'step' }, element('span', { class: 'unseen' }, 'step '), String(place)))
    }
    byId('way-length', HTMLElement).textContent = pathSummary(targetSlugs, steps.length, pathTime())
    list.replaceChildren(...steps.map(slug => element('li', {}, linkTo(slug))))
  }

  const pathTime = (): string => {
    const time = formatTotal(messages, sumDurations(steps.map(slug => bySlug.get(slug)?.duration)))
    return time === undefined ? '' : `, ${time}`
  }

  /** Returns false when there is no such target. */
  const choose = (name: string): boolean => {
    target.value = targetSkills(name) === undefined ? '' : name
    show()
    return target.value !== ''
  }

  target.addEventListener('change', () => {
    show()
    onChoice()
  })

  return {
    show,
    choose,
    /** Returns the chosen target; null if there is none. */
    target: (): string | null => target.value || null,
    /** Returns the skills of the path in order. */
    steps: (): readonly string[] => steps,
  }
}

const pathSummary = (wanted: string[] | undefined, steps: number, time: string): string => {
  if (wanted === undefined) return ''
  if (steps === 0) return 'You know all it takes.'
  return steps === 1 ? `One skill to learn${time}.` : `${steps} skills${time}, in this order:`
}
