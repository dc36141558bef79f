import { sumDurations } from '../../model/sum-durations.ts'
import type { SkillToLearn } from '../../query/learning-paths.ts'
import { type Markup, type MarkupContent, plainText } from '../../text/html.ts'
import type { PathToTargets, UnknownTarget } from '../content/path-targets.ts'
import type { TrackView } from '../content/track-view.ts'
import { pathGraph, stepUrl } from '../graph/path-graph.ts'
import { formatDuration, formatTotal } from '../messages/durations.ts'
import { format, formatPlural } from '../messages/messages.ts'
import { html, inline } from '../page/html.ts'

/** Renders the section in which a learner chooses a target, and the path to it if there is one. */
export const pathSection = (view: TrackView, path?: PathToTargets, embedded = false): Markup => {
  const words = view.messages.path
  return html`<section class="path${path && ' shown'}" id="path" aria-labelledby="path-title"${
    path && html` data-targets="${path.targets.map(({ name }) => name).join(',')}"`
  }>
${
  path === undefined
    ? html`<div class="choice"><div><h2 id="path-title" tabindex="-1">${words.title}</h2>
<p>${words.lead}</p></div>
${pathForm(view, embedded, words.label)}</div>`
    : html`<h2 id="path-title" tabindex="-1" dir="auto">${pathTitle(view, path)}</h2>
${steps(view, path, embedded)}`
}
</section>`
}

/** Names all targets: `Your path to Decorators and Blog`. */
export const pathTitle = ({ document, messages }: TrackView, { targets }: PathToTargets): string =>
  format(messages.path.script.heading, {
    target: new Intl.ListFormat(document.track.language).format(targets.map(({ title }) => title)),
  })

/** Renders the form that chooses a target. Without a script it sends what was typed, which the server resolves. */
export const pathForm = (
  { links, inFile, messages, document }: TrackView,
  embedded: boolean,
  label: string,
  typed = '',
): Markup => {
  const words = messages.path
  return html`<form class="path-form${inFile && ' scripted'}" action="${links.to(`tracks/${document.track.slug}#path`)}" role="search" aria-label="${words.title}">
<label for="target">${label}</label>
<div class="path-input"><div class="finder"><input type="text" id="target" name="to" value="${typed}" placeholder="${words.placeholder}" autocomplete="off" autocapitalize="off" spellcheck="false" enterkeyhint="go" required>
<ul id="target-options" role="listbox" aria-label="${label}" hidden></ul></div>${embedded && html`<input type="hidden" name="embed" value="1">`}
<button type="submit" class="button">${words.show}</button></div>
<p id="target-status" class="unseen" role="status"></p>
</form>`
}

/** Renders the steps of a path as a list, in which each names what it builds on, and as a graph. */
const steps = (view: TrackView, path: PathToTargets, embedded: boolean): Markup => {
  const { messages } = view
  const words = messages.path
  const time = formatTotal(messages, sumDurations(path.steps.map(({ duration }) => duration)))
  const form = pathForm(view, embedded, words.another)
  if (path.steps.length === 0) return html`<p>${words.empty}</p>\n${form}`
  return html`<p class="path-facts"><span id="path-length" role="status" dir="auto">${formatPlural(messages, messages.counts.skill, path.steps.length)}${time && ` · ${time}`}</span>
<button type="button" id="known-steps" class="link" aria-controls="path-steps" hidden></button> <button type="button" id="copy-path" class="link scripted">${words.script.copy}</button> <a href="${view.links.to(`tracks/${view.document.track.slug}#path`)}">${words.leave}</a></p>
${form}
<div class="path-parts">
<ol class="path-steps" id="path-steps">${path.steps.map(step => stepLine(view, path, step))}
</ol>
${pathGraph(view, path)}</div>`
}

const stepLine = (view: TrackView, path: PathToTargets, step: SkillToLearn): Markup => {
  const { messages } = view
  const before = path.steps.filter(({ key }) => step.prerequisites.includes(key))
  const time = step.duration && formatDuration(messages, step.duration)
  return html`
<li data-step="${step.slug}" data-tier="${step.tier}"><a href="${stepUrl(view, path, step)}" dir="auto">${inline(step.title)}</a>${time && html` <small><bdi>${time}</bdi></small>`}${buildsOn(view, before)}</li>`
}

const buildsOn = ({ messages, document }: TrackView, before: readonly SkillToLearn[]): MarkupContent =>
  before.length > 0 &&
  html`<small class="builds-on">${format(messages.path.buildsOn, {
    skills: new Intl.ListFormat(document.track.language).format(before.map(({ title }) => plainText(title))),
  })}</small>`

/** Renders the answer to a target that does not exist: suggestions, and the choice of another. */
export const unknownTargets = (view: TrackView, unknown: readonly UnknownTarget[], embedded: boolean): Markup => {
  const words = view.messages.path
  const { title, slug } = view.document.track
  return html`<section class="path" id="path"><h1 dir="auto">${words.title}</h1>
${unknown.map(
  ({
    text,
    suggestions,
  }) => html`<p class="lead" dir="auto">${format(words.unknown, { name: text.slice(0, 100), track: plainText(title) })}</p>
${
  suggestions.length > 0 &&
  html`<p>${words.suggestions}</p>
<ul class="suggestions">${suggestions.map(target => html`<li dir="auto"><a href="${view.links.to(`tracks/${slug}?to=${target.name}#path`)}">${target.title}</a></li>`)}</ul>\n`
}`,
)}${pathForm(
  view,
  embedded,
  words.label,
  unknown
    .map(({ text }) => text.trim())
    .join(', ')
    .slice(0, 100),
)}
<p><a href="${view.links.to(`tracks/${slug}`)}" dir="auto">${format(words.back, { track: plainText(title) })}</a></p></section>`
}
