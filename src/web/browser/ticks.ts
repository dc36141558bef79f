import { format } from '../messages/format.ts'
import { byId, element } from './elements.ts'
import type { ShownSkill, TrackOnPage } from './track.ts'

/** Adds a checkbox to every skill, and shows how much of the track, of each stage and area is known. */
export const addTicks = ({ skills, messages: { roadmap } }: TrackOnPage, known: Set<string>, onChange: () => void) => {
  const boxes = new Map<string, HTMLInputElement>()
  const skillsByArea = Map.groupBy(skills, ({ item }) => item.closest<HTMLDetailsElement>('details.area'))
  let panelBox: { slug: string; input: HTMLInputElement } | undefined

  const set = (slug: string, isKnown: boolean): void => {
    if (isKnown) known.add(slug)
    else known.delete(slug)
    show()
    onChange()
  }

  const createBox = ({ slug }: ShownSkill, attributes: Record<string, string>): HTMLInputElement => {
    const input = element('input', { type: 'checkbox', class: 'tick', ...attributes })
    input.checked = known.has(slug)
    input.addEventListener('change', () => {
      set(slug, input.checked)
    })
    return input
  }

  const countText = (): string => format(roadmap.known, { known: known.size, all: skills.length })

  const show = (): void => {
    for (const { slug, item } of skills) {
      const input = boxes.get(slug)
      if (input) input.checked = known.has(slug)
      item.classList.toggle('known', known.has(slug))
    }
    if (panelBox) panelBox.input.checked = known.has(panelBox.slug)
    const text = countText()
    for (const total of document.querySelectorAll('#known, #panel .known-count')) total.textContent = text
    byId('progress', HTMLProgressElement).value = known.size
    for (const stage of document.querySelectorAll<HTMLElement>('.journey li')) {
      const ofTier = skills.filter(skill => skill.tier === stage.dataset.tier)
      const count = ofTier.filter(({ slug }) => known.has(slug)).length
      const label = stage.querySelector('.journey-count')
      const bar = stage.querySelector('progress')
      if (label) label.textContent = `${count} / ${ofTier.length}`
      if (bar) bar.value = count
    }
    for (const [area, inArea] of skillsByArea) {
      const label = area?.querySelector('.area-count')
      const count = inArea.filter(({ slug }) => known.has(slug)).length
      if (label) label.textContent = count === 0 ? String(inArea.length) : `${count} / ${inArea.length}`
    }
    byId('forget', HTMLElement).hidden = known.size === 0
  }

  const addBox = (skill: ShownSkill): void => {
    const input = createBox(skill, { 'aria-label': format(roadmap.knowSkill, { title: skill.link.textContent }) })
    boxes.set(skill.slug, input)
    skill.item.prepend(input)
  }
  // The skills of a closed area get their checkboxes when it is opened: a track may have thousands.
  for (const [area, inArea] of skillsByArea) {
    const addBoxes = (): void => {
      if (area?.open !== false) for (const skill of inArea) if (!boxes.has(skill.slug)) addBox(skill)
    }
    addBoxes()
    area?.addEventListener('toggle', addBoxes)
  }
  byId('forget', HTMLElement).addEventListener('click', () => {
    if (!confirm(roadmap.confirmReset)) return
    known.clear()
    show()
    onChange()
  })
  show()
  return {
    show,
    set,
    /** Creates the number of known skills for the panel. */
    createCount: (): HTMLElement => element('bdi', { class: 'known-count' }, countText()),
    /** Creates the checkbox of a skill for the panel. */
    createPanelBox: (skill: ShownSkill): HTMLElement => {
      const input = createBox(skill, {})
      panelBox = { slug: skill.slug, input }
      return element('label', { class: 'panel-tick' }, input, element('span', {}, roadmap.know))
    },
  }
}
