import { addCopyButtons } from './copy.ts'
import { element } from './elements.ts'
import { addGraphs } from './graph.ts'
import type { ItemPageData } from './item-page.ts'
import { createStorage } from './storage.ts'

const { track, skill, project, ids, words }: ItemPageData = JSON.parse(
  document.getElementById('data')?.textContent ?? '',
)
const storage = createStorage(() => localStorage, track)

const checkbox = document.querySelector<HTMLInputElement>('.know input')
if (skill && checkbox) {
  checkbox.addEventListener('change', () => {
    const progress = storage.read()
    const others = progress.known.filter(id => id !== skill.id)
    storage.write({ ...progress, known: checkbox.checked ? [...others, skill.id] : others })
    showKnown()
  })
  checkbox.labels?.[0]?.classList.add('ready')
}

let known = new Set<string>()
const graphs = addGraphs(slug => known.has(ids[slug] ?? ''))

/** Shows which skills are known: this one, and those that the page links to. */
const showKnown = (): void => {
  known = new Set(storage.read().known)
  if (skill && checkbox) checkbox.checked = known.has(skill.id)
  for (const link of document.querySelectorAll<HTMLElement>('.entry a[data-id]')) {
    const isKnown = known.has(link.dataset.id ?? '')
    link.classList.toggle('known', isKnown)
    link.querySelector('.unseen')?.remove()
    if (isKnown) link.append(element('span', { class: 'unseen' }, ` (${words.known})`))
  }
  graphs.show()
}

/** Adds a checkbox to each milestone of a project. Ticks are stored by text: milestones have no ids. */
const addMilestones = ({ id }: { id: string }): void => {
  const storage = createStorage(() => localStorage, id)
  const done = new Set(storage.read().known)
  for (const milestone of document.querySelectorAll('.to-do > li')) {
    const text = milestone.textContent
    const input = element('input', { type: 'checkbox' })
    input.checked = done.has(text)
    input.addEventListener('change', () => {
      if (input.checked) done.add(text)
      else done.delete(text)
      storage.write({ known: [...done], target: null })
    })
    milestone.replaceChildren(element('label', {}, input, element('span', {}, ...milestone.childNodes)))
  }
}

showKnown()
if (project) addMilestones(project)
addEventListener('storage', ({ key }) => {
  if (key === storage.name) showKnown()
})
addEventListener('pageshow', showKnown)
addCopyButtons(document, words)
