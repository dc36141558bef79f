import type { Markup } from '../text/html.ts'
import { html } from './html.ts'
import { markdown } from './markdown.ts'
import type { TrackView } from './track-view.ts'

const skillUrl = ({ skillByLink, links }: TrackView, address: string): string | undefined => {
  const skill = skillByLink(address)
  return skill && links.toItem('skill', skill.slug)
}

/** Renders a Markdown text of a track. `idPrefix` is unique on the page. */
export const markdownText = (view: TrackView, text: string, idPrefix: string, headingLevel = 4): Markup =>
  html`<div class="notes" dir="auto">${markdown(text, { skillUrl: address => skillUrl(view, address), pictureAt: view.pictureByAddress, headingLevel, idPrefix })}</div>`
