import type { Item } from '../../model/curriculum.ts'
import { alignmentLabel, sampleUrl } from '../../model/skill.ts'
import type { Markup, MarkupContent } from '../../text/html.ts'
import { formatDuration } from '../messages/durations.ts'
import { format } from '../messages/messages.ts'
import { externalLink, html, inline } from '../page/html.ts'
import type { NounWithPage } from '../page/links.ts'
import { detailsEntry, entryParts, list, paragraph, subsection, textList } from '../page/page-elements.ts'
import { markdownText } from './markdown-text.ts'
import { type Skill, type TrackView, urlOfItem } from './track-view.ts'

/** Renders a skill as a collapsed entry. */
export const skillEntry = (view: TrackView, skill: Skill): Markup =>
  detailsEntry(`skill-${skill.slug}`, skillTitle(skill), skillRemarks(view, skill), skillContent(view, skill, 5))

/** Renders everything that there is of a skill, under headings of a level. */
export const skillContent = (view: TrackView, skill: Skill, level: number): Markup => {
  const { item } = view.messages
  const part = (title: string, content: Markup | undefined) => subsection(level, title, content)
  return entryParts(
    [
      paragraph(skill.summary, 'lead'),
      ...otherTiers(view, skill),
      skill.replacedBy && html`<p class="replaced">${item.replacedBy} ${skillLink(view, skill.replacedBy)}.</p>`,
      part(item.prerequisites, skillList(view, skill.prerequisites)),
      part(item.outcomes, textList(skill.outcomes)),
      part(item.notes, skill.notes === null ? undefined : markdownText(view, skill.notes, skill.slug, level + 1)),
      part(item.examples, list(skill.examples.map(inline), 'chips')),
      part(item.sample, sampleLink(view, skill)),
      part(item.practise, practiceList(view, skill)),
      part(item.resources, resourceList(view, skill.resources)),
    ],
    [
      part(item.dependents, skillList(view, skill.dependents)),
      part(item.related, skillList(view, skill.related)),
      part(item.sameAs, skillList(view, skill.sameAs)),
      part(item.alignments, list(skill.alignments.map(alignmentLine), 'alignments')),
      mentionDetails(view, skill.mentions),
    ],
  )
}

/** Renders the title of a skill after its code. */
export const skillTitle = ({ code, title }: Skill): MarkupContent => [
  code && html`<b class="code">${code}</b> `,
  inline(title),
]

/** Returns the kind of a skill if it is not usual, and its duration. */
export const skillRemarks = ({ messages }: TrackView, { kind, optional, duration }: Skill): string[] => [
  ...(kind === 'theoretical' ? [messages.item.theory] : []),
  ...(optional ? [messages.item.optional] : []),
  ...(duration === null ? [] : [formatDuration(messages, duration)]),
]

interface LinkedItem {
  id: string
  slug: string
  track: string
  title: string
  tier?: Skill['tier'] | null
}

/** Links to an item of this or another track. An item that is not loaded has no page: its key is shown. */
const itemLink = (view: TrackView, noun: NounWithPage, key: string, item: LinkedItem | undefined): Markup => {
  if (item === undefined) return html`<code>${key}</code>`
  const { id, track, tier, title } = item
  const own = track === view.document.track.slug
  return html`<a href="${urlOfItem(view, noun, item)}"${tier && html` data-tier="${tier}"`}${noun === 'skill' && own && html` data-id="${id}"`}>${inline(title)}</a>${
    !own && html` <span class="aside">${inline(view.trackTitle(track))}</span>`
  }`
}

export const skillLink = (view: TrackView, key: string): Markup => itemLink(view, 'skill', key, view.skill(key))

export const skillList = (view: TrackView, keys: readonly string[]): Markup | undefined =>
  list(
    keys.map(key => skillLink(view, key)),
    'links',
  )

export const projectLink = (view: TrackView, key: string): Markup => itemLink(view, 'project', key, view.project(key))

const practiceList = (view: TrackView, { exercises, projects }: Skill): Markup | undefined =>
  list(
    [
      ...exercises.map(key => exerciseLink(view, key)),
      ...projects.map(key => html`${projectLink(view, key)} <span class="aside">${view.messages.item.project}</span>`),
    ],
    'practice',
  )

const exerciseLink = (view: TrackView, key: string): Markup => {
  const exercise = view.exercise(key)
  return html`${itemLink(view, 'exercise', key, exercise)}${exercise && html` <span class="aside">${view.messages.item.exerciseKinds[exercise.kind]}</span>`}`
}

export const resourceList = (view: TrackView, keys: readonly string[]): Markup | undefined =>
  list(
    keys.map(key => resourceLine(view, key)),
    'lines',
  )

const resourceLine = (view: TrackView, key: string): MarkupContent => {
  const resource = view.resource(key)
  return resource === undefined ? html`<code>${key}</code>` : resourceText(view, resource)
}

export const resourceText = (
  { messages }: Pick<TrackView, 'messages'>,
  { url, title, kind, summary }: Item<'resource'>,
): Markup =>
  html`${externalLink(url, inline(title))} <span class="aside">${messages.item.resourceKinds[kind]}</span>${summary && html`<br>${inline(summary)}`}`

const alignmentLine = (alignment: Skill['alignments'][number]): Markup => {
  const label = alignmentLabel(alignment)
  return html`${label !== alignment.framework && [inline(alignment.framework), ': ']}${externalLink(alignment.url, inline(label))}`
}

/** Links to the sample of a skill; a file whose place is unknown is not shown. */
const sampleLink = (view: TrackView, { sample, mentions }: Skill): Markup | undefined => {
  if (sample === null) return undefined
  const url = sampleUrl(sample, mentions, source => view.source(source)?.sampleBase)
  return url === null ? undefined : html`<p dir="auto">${externalLink(url.href, inline(sample.label))}</p>`
}

/** Renders a line for each document that has the skill under another tier than the one it is served with. */
const otherTiers = (view: TrackView, { tier, mentions }: Skill): Markup[] =>
  mentions.flatMap(mention =>
    mention.tier === null || mention.tier === tier
      ? []
      : [
          html`<p class="aside">${format(view.messages.item.otherTier, {
            source: view.source(mention.source)?.title ?? mention.source,
            tier: view.tierTitle(mention.tier),
          })}</p>`,
        ],
  )

/** Renders the mentions in the source documents. */
export const mentionDetails = (view: TrackView, mentions: Skill['mentions']): Markup | undefined => {
  if (mentions.length === 0) return undefined
  const lines = mentions.map(
    ({ source, section, label, tier, says, note }) =>
      html`<b>${inline(view.source(source)?.title ?? source)}</b>${section && html`, ${inline(section)}`}: “${inline(label)}”${
        tier && html` <span class="aside">${view.tierTitle(tier)}</span>`
      }${says && html`<br>${inline(says)}`}${note && html`<br><i>${inline(note)}</i>`}`,
  )
  return html`<details class="sources"><summary>${view.messages.item.mentions}</summary>${list(lines, 'lines')}</details>`
}
