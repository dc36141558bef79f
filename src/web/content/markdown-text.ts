import type { Markup } from '../../text/html.ts'
import { html } from '../page/html.ts'
import { markdown } from './markdown.ts'
import { type TrackView, urlOfItem } from './track-view.ts'

const skillUrl = (view: TrackView, address: string): string | undefined => {
  const skill = view.skillByLink(address)
  return skill && urlOfItem(view, 'skill', skill)
}

/** Renders a Markdown text of a track. `idPrefix` is unique on the page. */
export const markdownText = (view: TrackView, text: string, idPrefix: string, headingLevel = 4): Markup =>
  html`<div class="notes" dir="auto">${markdown(text, { skillUrl: address => skillUrl(view, address), pictureAt: view.pictureByAddress, headingLevel, idPrefix })}</div>`
