import type { Markup, MarkupContent } from '../../text/html.ts'
import type { Messages } from '../messages/messages.ts'
import { html } from './html.ts'
import type { Links } from './links.ts'

/** The form that searches all tracks, without scripts: a GET of the search page. */
export const searchForm = (
  { frame }: Messages,
  links: Links,
  {
    label = frame.searchLabel,
    query = '',
    more,
    embedded = false,
  }: { label?: string; query?: string; more?: MarkupContent; embedded?: boolean } = {},
): Markup => html`<form class="search-form" role="search" action="${links.to('search')}">
<input type="search" name="q" value="${query}" placeholder="${label}" aria-label="${label}" maxlength="200" autocomplete="off" spellcheck="false" enterkeyhint="search">
${more}${embedded && html`<input type="hidden" name="embed" value="1">`}
<button type="submit">${frame.search}</button>
</form>`
