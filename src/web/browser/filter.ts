import { openArea } from './areas.ts'
import { byId } from './elements.ts'

/** Shows only the chosen area, with those below it, in all stages. */
export const addFilter = (): void => {
  const category = byId('category', HTMLSelectElement)
  const areas = [...document.querySelectorAll<HTMLElement>('.area')]

  /** An area contains those below it, and stands above them as their heading. */
  const isShown = (area: HTMLElement): boolean => {
    const chosen = `[data-category="${category.value}"]`
    return area.closest(chosen) !== null || area.querySelector(chosen) !== null
  }

  const show = (): void => {
    const all = category.value === ''
    document.body.classList.toggle('filtering', !all)
    for (const area of areas) {
      area.classList.toggle('filtered', !all && !isShown(area))
      if (!all && isShown(area)) openArea(area)
    }
    for (const stage of document.querySelectorAll<HTMLElement>('.stage'))
      stage.classList.toggle('filtered', !all && stage.querySelector('.area:not(.filtered)') === null)
  }

  category.addEventListener('change', show)
  show()
}
