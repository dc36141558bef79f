import { byId, element } from './elements.ts'
import type { ShownSkill, TrackOnPage } from './track.ts'

/** Adds a checkbox to every skill, in the matrix and in the panel. */
export const addTicks = ({ skills, tiers }: TrackOnPage, known: Set<string>, onChange: () => void) => {
  const boxes = new Map<string, HTMLInputElement[]>()

  const createBox = (skill: ShownSkill, text: string, hidden: boolean): HTMLElement => {
    const input = element('input', { type: 'checkbox' })
    input.checked = known.has(skill.slug)
    input.addEventListener('change', () => {
      if (input.checked) known.add(skill.slug)
      else known.delete(skill.slug)
      show()
      onChange()
    })
    boxes.set(skill.slug, [...(boxes.get(skill.slug) ?? []).filter(one => one.isConnected), input])
    return element('label', { class: 'tick' }, input, element('span', hidden ? { class: 'unseen' } : {}, text))
  }

  const show = (): void => {
    for (const { slug, item } of skills) {
      for (const input of boxes.get(slug) ?? []) input.checked = known.has(slug)
      item.classList.toggle('known', known.has(slug))
    }
    byId('known', HTMLElement).textContent = `${known.size} of ${skills.length} skills`
    byId('progress', HTMLProgressElement).value = known.size
    byId('forget', HTMLElement).hidden = known.size === 0
    for (const { tier } of tiers) {
      const count = document.querySelector(`.column[data-tier="${tier}"] .count`)
      const ofTier = skills.filter(skill => skill.tier === tier)
      if (count) count.textContent = `${ofTier.filter(({ slug }) => known.has(slug)).length} / ${ofTier.length}`
    }
  }

  for (const skill of skills) skill.item.prepend(createBox(skill, `I know ${skill.link.textContent}`, true))
  for (const column of document.querySelectorAll('.column')) column.append(' ', element('span', { class: 'count' }))
  byId('forget', HTMLElement).addEventListener('click', () => {
    if (!confirm('Untick everything you have ticked on this page?')) return
    known.clear()
    show()
    onChange()
  })
  show()
  return { show, createPanelBox: (skill: ShownSkill) => createBox(skill, 'I know this', false) }
}
