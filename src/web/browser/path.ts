import { formatTotal } from '../../model/duration-text.ts'
import { learningPath, nextSkills } from '../../model/path.ts'
import { sumDurations } from '../../model/sum-durations.ts'
import { byId, element } from './elements.ts'
import type { TrackOnPage } from './track.ts'

const maxNextSkills = 6

/** Shows the path to the target, in the matrix and as a list, and the skills to start next. */
export const addPath = (
  { skills, graph, bySlug, targetSkills, linkTo }: TrackOnPage,
  known: ReadonlySet<string>,
  isInSelection: (skill: { tier: string; category: string }) => boolean,
) => {
  const target = byId('target', HTMLSelectElement)
  const list = byId('way', HTMLElement)
  const next = byId('next', HTMLElement)

  const show = (): void => {
    const targetSlugs = targetSkills(target.value)
    const steps = learningPath(graph, targetSlugs ?? [], known).map(({ key }) => key)
    const places = new Map(steps.map((slug, index) => [slug, index + 1]))
    document.body.classList.toggle('on-the-way', steps.length > 0)
    for (const old of document.querySelectorAll('.matrix .step')) old.remove()
    for (const { slug, item } of skills) {
      const place = places.get(slug)
      item.classList.toggle('on-way', place !== undefined)
      item.classList.toggle('goal', place !== undefined && (targetSlugs?.includes(slug) ?? false))
      if (place === undefined) continue
      item.append(element('span', { class: 'step' }, element('span', { class: 'unseen' }, 'step '), String(place)))
    }
    byId('way-length', HTMLElement).textContent = pathSummary(targetSlugs, steps.length, pathTime(steps))
    list.replaceChildren(...steps.map(slug => element('li', {}, linkTo(slug))))
    next.replaceChildren(...startableItems())
  }

  const pathTime = (steps: readonly string[]): string => {
    const time = formatTotal(sumDurations(steps.map(slug => bySlug.get(slug)?.duration)))
    return time === undefined ? '' : `, ${time}`
  }

  const startableItems = (): Node[] => {
    const found = nextSkills(graph, known, isInSelection)
    const lines = found
      .slice(0, maxNextSkills)
      .map(({ key, unlocks }) =>
        element(
          'li',
          {},
          linkTo(key),
          ...(unlocks.length === 0 ? [] : [' ', element('small', {}, `opens ${unlocks.length}`)]),
        ),
      )
    if (found.length === 0)
      return [element('li', {}, known.size === skills.length ? 'Nothing is left.' : 'Nothing among these yet.')]
    const more = found.length - maxNextSkills
    return more > 0 ? [...lines, element('li', { class: 'more' }, `and ${more} more`)] : lines
  }

  /** Returns false when there is no such target. */
  const choose = (name: string): boolean => {
    target.value = targetSkills(name) === undefined ? '' : name
    show()
    return target.value !== ''
  }

  const stepLabel = (slug: string): string | undefined => {
    const index = [...list.children].findIndex(item => item.querySelector(`a[href="#skill-${slug}"]`))
    return index < 0 ? undefined : `Step ${index + 1} of ${list.children.length}`
  }

  /** Returns the neighbours on the path, or in the order of the curriculum for a skill that is not on it. */
  const neighbours = (slug: string): { before: string | undefined; after: string | undefined } => {
    const pathSlugs = [...list.querySelectorAll('a')].map(({ hash }) => hash.replace('#skill-', ''))
    const order = pathSlugs.includes(slug) ? pathSlugs : [...bySlug.keys()]
    const at = order.indexOf(slug)
    return { before: order[at - 1], after: order[at + 1] }
  }

  return { show, choose, target, placeOf: stepLabel, neighbours }
}

const pathSummary = (wanted: string[] | undefined, steps: number, time: string): string => {
  if (wanted === undefined) return ''
  if (steps === 0) return 'You know all it takes.'
  return steps === 1 ? `One skill to learn${time}.` : `${steps} skills${time}, in this order:`
}
