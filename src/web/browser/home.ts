import { format } from '../messages/format.ts'
import type { Messages } from '../messages/messages.ts'
import { byId } from './elements.ts'
import { createStorage } from './storage.ts'

/** The messages of this script, in the data of the page. */
export type HomeMessages = Pick<Messages['home'], 'continue' | 'continueShort' | 'progress'>

const messages: HomeMessages = JSON.parse(String(byId('data', HTMLScriptElement).textContent))

// Shows the learner's progress in each track, which this browser stores.
for (const track of document.querySelectorAll<HTMLElement>('[data-track]')) {
  const { track: id = '', title = '', skills = '0' } = track.dataset
  const count = Number(skills)
  const known = Math.min(createStorage(() => localStorage, id).read().known.length, count)
  const shown = track.querySelector<HTMLElement>('.progress')
  const [bar, text] = [shown?.querySelector('progress'), shown?.querySelector('span')]
  const start = track.querySelector('.start')
  if (known === 0 || !shown || !bar || !text || !start) continue
  bar.value = known
  text.textContent = format(messages.progress, { known, count })
  bar.setAttribute('aria-label', title)
  shown.hidden = false
  const label = format(messages.continue, { title })
  const isShort = start.hasAttribute('aria-label')
  if (isShort) start.setAttribute('aria-label', label)
  start.textContent = isShort ? messages.continueShort : label
}
