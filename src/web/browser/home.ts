import { format } from '../messages/format.ts'
import { byId } from './elements.ts'
import { createStorage } from './storage.ts'

/** Shows the learner's progress in each track, which this browser stores. */
const { progress, continue: continueWith } = JSON.parse(String(byId('data', HTMLScriptElement).textContent)) as {
  progress: string
  continue: string
} // the page has these

for (const track of document.querySelectorAll<HTMLElement>('[data-track]')) {
  const { track: id = '', title = '', skills = '0' } = track.dataset
  const count = Number(skills)
  const known = Math.min(createStorage(() => localStorage, id).read().known.length, count)
  const shown = track.querySelector<HTMLElement>('.progress')
  const [bar, text] = [shown?.querySelector('progress'), shown?.querySelector('span')]
  const start = track.querySelector('.start')
  if (known === 0 || !shown || !bar || !text || !start) continue
  bar.value = known
  text.textContent = format(progress, { known, count })
  bar.setAttribute('aria-label', title)
  shown.hidden = false
  start.textContent = format(continueWith, { title })
}
