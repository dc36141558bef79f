import { byId, element } from './elements.ts'
import type { Shown, TrackOnPage } from './track.ts'

/** A tick a skill, in the matrix and in the panel, for what somebody knows. */
export const addTicks = ({ skills, tiers }: TrackOnPage, known: Set<string>, changed: () => void) => {
  const boxes = new Map<string, HTMLInputElement[]>()

  const box = (skill: Shown, text: string, hidden: boolean): HTMLElement => {
    const input = element('input', { type: 'checkbox' })
    input.checked = known.has(skill.slug)
    input.addEventListener('change', () => {
      if (input.checked) known.add(skill.slug)
      else known.delete(skill.slug)
      show()
      changed()
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
      const of = skills.filter(skill => skill.tier === tier)
      if (count) count.textContent = `${of.filter(({ slug }) => known.has(slug)).length} / ${of.length}`
    }
  }

  for (const skill of skills) skill.item.prepend(box(skill, `I know ${skill.link.textContent}`, true))
  for (const column of document.querySelectorAll('.column')) column.append(' ', element('span', { class: 'count' }))
  byId('forget', HTMLElement).addEventListener('click', () => {
    if (!confirm('Untick everything you have ticked on this page?')) return
    known.clear()
    show()
    changed()
  })
  show()
  return { show, boxInPanel: (skill: Shown) => box(skill, 'I know this', false) }
}
