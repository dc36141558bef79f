import type { Item } from '../model/curriculum.ts'
import { alignmentLabel, sampleUrl } from '../model/skill.ts'
import type { Markup, MarkupContent } from '../text/html.ts'
import { formatDuration } from './durations.ts'
import { externalLink, html, inline } from './html.ts'
import { markdownText } from './markdown-text.ts'
import { detailsEntry, list, paragraph, subsection, textList } from './page-elements.ts'
import type { Skill, TrackView } from './track-view.ts'

/** Renders a skill as a collapsed entry. */
export const skillEntry = (view: TrackView, skill: Skill): Markup =>
  detailsEntry(`skill-${skill.slug}`, skillTitle(skill), remarks(view, skill), [
    paragraph(skill.summary, 'lead'),
    skill.replacedBy && html`<p class="replaced">Its place was taken by ${skillLink(view, skill.replacedBy)}.</p>`,
    subsection(5, 'What you can do afterwards', textList(skill.outcomes)),
    subsection(5, 'Words and tools', list(skill.examples.map(inline), 'chips')),
    subsection(5, 'Worth knowing', notesOf(view, skill)),
    subsection(5, 'Code to look at', sampleLink(view, skill)),
    subsection(5, 'What comes before', skillList(view, skill.prerequisites)),
    subsection(5, 'What it opens', skillList(view, skill.dependents)),
    subsection(5, 'Worth a look beside it', skillList(view, skill.related)),
    subsection(5, 'Where to learn it', resourceList(view, skill.resources)),
    subsection(
      5,
      'Where to practise it',
      list(
        [...skill.exercises.map(key => exerciseLink(view, key)), ...skill.projects.map(key => projectLink(view, key))],
        'links',
      ),
    ),
    subsection(
      5,
      'The same in other tracks',
      list(
        skill.sameAs.map(key => html`<code>${key}</code>`),
        'links',
      ),
    ),
    subsection(5, 'In other frameworks', list(skill.alignments.map(alignmentLine), 'alignments')),
    mentionDetails(view, skill.mentions),
  ])

/** Renders the title of a skill after its code. */
export const skillTitle = ({ code, title }: Skill): MarkupContent => [
  code && html`<b class="code">${code}</b> `,
  inline(title),
]

const notesOf = (view: TrackView, skill: Skill): Markup | undefined =>
  skill.notes === null ? undefined : markdownText(view, skill.notes, skill.slug, 6)

const remarks = ({ messages }: TrackView, { kind, optional, duration }: Skill): string =>
  [
    kind === 'theoretical' ? 'theory' : undefined,
    optional ? 'optional' : undefined,
    duration && formatDuration(messages, duration),
  ]
    .filter(Boolean)
    .join(' · ')

/** Links to a skill. A skill of another track is not on this page, so its key is shown. */
export const skillLink = (view: TrackView, key: string): Markup => {
  const skill = view.skill(key)
  return skill === undefined
    ? html`<code>${key}</code>`
    : html`<a href="${view.links.toItem('skill', skill.slug)}" data-tier="${skill.tier}">${inline(skill.title)}</a>`
}

export const skillList = (view: TrackView, keys: readonly string[]): Markup | undefined =>
  list(
    keys.map(key => skillLink(view, key)),
    'links',
  )

export const projectLink = (view: TrackView, key: string): MarkupContent => {
  const project = view.project(key)
  return project === undefined
    ? html`<code>${key}</code>`
    : html`<a href="${view.links.toItem('project', project.slug)}">${inline(project.title)}</a>`
}

const exerciseLink = (view: TrackView, key: string): MarkupContent => {
  const exercise = view.exercise(key)
  return exercise === undefined
    ? html`<code>${key}</code>`
    : html`<a href="${view.links.toItem('exercise', exercise.slug)}">${inline(exercise.title)}</a> <span class="aside">${exercise.kind}</span>`
}

export const resourceList = (view: TrackView, keys: readonly string[]): Markup | undefined =>
  list(
    keys.map(key => resourceLine(view, key)),
    'lines',
  )

const resourceLine = (view: TrackView, key: string): MarkupContent => {
  const resource = view.resource(key)
  return resource === undefined ? html`<code>${key}</code>` : resourceText(resource)
}

export const resourceText = ({ url, title, kind, summary }: Item<'resource'>): Markup =>
  html`${externalLink(url, inline(title))} <span class="aside">${kind}</span>${summary && html`<br>${inline(summary)}`}`

const alignmentLine = (alignment: Skill['alignments'][number]): Markup => {
  const label = alignmentLabel(alignment)
  return html`${label !== alignment.framework && [inline(alignment.framework), ': ']}${externalLink(alignment.url, inline(label))}`
}

const sampleLink = (view: TrackView, { sample, mentions }: Skill): Markup | undefined => {
  if (sample === null) return undefined
  const url = sampleUrl(sample, mentions, source => view.source(source)?.sampleBase)
  if (url === null) return html`<p dir="auto">${inline(sample.label)}: <code>${sample.url}</code></p>`
  return html`<p dir="auto">${externalLink(url.href, inline(sample.label))}</p>`
}

/** Renders the mentions in the source documents. */
export const mentionDetails = (view: TrackView, mentions: Skill['mentions']): Markup | undefined => {
  if (mentions.length === 0) return undefined
  const lines = mentions.map(
    ({ source, section, label, tier, says, note }) =>
      html`<b>${inline(view.source(source)?.title ?? source)}</b>${section && html`, ${inline(section)}`}: “${inline(label)}”${
        tier && html` <span class="aside">${view.tierTitle(tier)}</span>`
      }${says && html`<br>${inline(says)}`}${note && html`<br><i>${inline(note)}</i>`}`,
  )
  return html`<details class="sources"><summary>In the documents</summary>${list(lines, 'lines')}</details>`
}
