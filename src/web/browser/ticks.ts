import { format } from '../messages/format.ts'
import { byId, element } from './elements.ts'
import type { ShownSkill, TrackOnPage } from './track.ts'

/** Adds a checkbox to every skill, and shows how much of the track and of each stage is known. */
export const addTicks = ({ skills, messages: { roadmap } }: TrackOnPage, known: Set<string>, onChange: () => void) => {
  const boxes = new Map<string, HTMLInputElement>()
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
    byId('forget', HTMLElement).hidden = known.size === 0
  }

  for (const skill of skills) {
    const input = createBox(skill, { 'aria-label': format(roadmap.knowSkill, { title: skill.link.textContent }) })
    boxes.set(skill.slug, input)
    skill.item.prepend(input)
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
