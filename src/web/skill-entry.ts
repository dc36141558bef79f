import type { Answer } from '../model/curriculum.ts'
import { folded, list, paragraph, part, texts } from './entry.ts'
import { type Content, type Html, html, inline, outward } from './html.ts'
import { markdown } from './markdown.ts'
import type { Outline, Skill } from './outline.ts'

/** All there is to say of a skill, folded under its title. */
export const skillEntry = (outline: Outline, skill: Skill): Html =>
  folded(`skill-${skill.slug}`, inline(skill.title), remarks(skill), [
    paragraph(skill.summary, 'lead'),
    skill.replacedBy && html`<p class="replaced">Its place was taken by ${skillLink(outline, skill.replacedBy)}.</p>`,
    part(5, 'What you can do afterwards', texts(skill.outcomes)),
    part(5, 'Words and tools', list(skill.examples.map(inline), 'chips')),
    part(
      5,
      'Worth knowing',
      skill.notes === null
        ? undefined
        : html`<div class="notes" dir="auto">${markdown(skill.notes, outline.skillNamed)}</div>`,
    ),
    part(5, 'Code to look at', sampleLink(outline, skill)),
    part(5, 'What comes before', skillList(outline, skill.prerequisites)),
    part(5, 'What it opens', skillList(outline, skill.dependents)),
    part(5, 'Worth a look beside it', skillList(outline, skill.related)),
    part(
      5,
      'Where to learn it',
      list(
        skill.resources.map(key => resourceLine(outline, key)),
        'lines',
      ),
    ),
    part(
      5,
      'Where to practise it',
      list(
        skill.projects.map(key => projectLink(outline, key)),
        'links',
      ),
    ),
    part(
      5,
      'The same in other tracks',
      list(
        skill.sameAs.map(key => html`<code>${key}</code>`),
        'links',
      ),
    ),
    mentioned(outline, skill.mentions),
  ])

const remarks = ({ kind, optional }: Skill): string =>
  [kind === 'theoretical' ? 'theory' : undefined, optional ? 'optional' : undefined].filter(Boolean).join(' · ')

/** Another track's skill is not on this page, and the file may lie anywhere: its key says what it is. */
export const skillLink = (outline: Outline, key: string): Html => {
  const skill = outline.skill(key)
  return skill === undefined
    ? html`<code>${key}</code>`
    : html`<a href="#skill-${skill.slug}" data-tier="${skill.tier}">${inline(skill.title)}</a>`
}

export const skillList = (outline: Outline, keys: readonly string[]): Html | undefined =>
  list(
    keys.map(key => skillLink(outline, key)),
    'links',
  )

const projectLink = (outline: Outline, key: string): Content => {
  const project = outline.project(key)
  return project === undefined
    ? html`<code>${key}</code>`
    : html`<a href="#project-${project.slug}">${inline(project.title)}</a>`
}

const resourceLine = (outline: Outline, key: string): Content => {
  const resource = outline.resource(key)
  return resource === undefined ? html`<code>${key}</code>` : resourceText(resource)
}

export const resourceText = ({ url, title, kind, summary }: Answer<'resource'>): Html =>
  html`${outward(url, inline(title))} <span class="aside">${kind}</span>${summary && html`<br>${inline(summary)}`}`

/** A sample's address may be relative to the base that one of the skill's sources gives. */
const sampleLink = (outline: Outline, { sample, mentions }: Skill): Html | undefined => {
  if (sample === null) return undefined
  const bases = mentions.map(({ source }) => outline.source(source)?.sampleBase ?? null)
  const base = bases.find(one => one !== null)
  const url = URL.parse(sample.url, base ?? undefined)
  if (url === null) return html`<p dir="auto">${inline(sample.label)}: <code>${sample.url}</code></p>`
  return html`<p dir="auto">${outward(url.href, inline(sample.label))}</p>`
}

/** Where the documents speak of it, and what they say. */
export const mentioned = (outline: Outline, mentions: Skill['mentions']): Html | undefined => {
  if (mentions.length === 0) return undefined
  const lines = mentions.map(
    ({ source, section, label, tier, says, note }) =>
      html`<b>${inline(outline.source(source)?.title ?? source)}</b>${section && html`, ${inline(section)}`}: “${inline(label)}”${
        tier && html` <span class="aside">${outline.tierTitle(tier)}</span>`
      }${says && html`<br>${inline(says)}`}${note && html`<br><i>${inline(note)}</i>`}`,
  )
  return html`<details class="sources"><summary>In the documents</summary>${list(lines, 'lines')}</details>`
}
