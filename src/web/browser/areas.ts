/** Closes the areas of the stages on a phone, where all of them would be one long column. */
export const closeAreas = (): void => {
  if (!matchMedia('(max-width: 40em)').matches) return
  for (const area of document.querySelectorAll<HTMLDetailsElement>('details.area')) area.open = false
}

/** Opens the area that holds an element. */
export const openArea = (element: Element): void => {
  const area = element.closest<HTMLDetailsElement>('details.area')
  if (area) area.open = true
}
