import { nextSkills } from '../../model/path.ts'
import { byId, element } from './elements.ts'
import type { TrackOnPage } from './track.ts'

const maxNextSkills = 6

/** Shows the skills that can be started now. */
export const addNext = (
  { skills, graph, linkTo }: TrackOnPage,
  known: ReadonlySet<string>,
  isInSelection: (skill: { tier: string; category: string }) => boolean,
) => {
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
  return { show: (): void => byId('next', HTMLElement).replaceChildren(...startableItems()) }
}
