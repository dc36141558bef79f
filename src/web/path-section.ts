import { type Markup, type MarkupContent, plainText } from '../text/html.ts'
import { html } from './html.ts'
import type { TrackView } from './track-view.ts'

/** Renders the choice of a target and the place of the path to it. */
export const pathSection = (view: TrackView): Markup => html`<section class="path script-only" id="path" hidden>
<h2><label for="target">The way to</label></h2>
<select id="target"><option value="">Choose a skill or project</option>${targets(view)}</select>
<p id="way-length" role="status"></p>
<ol id="way"></ol>
</section>`

const targets = ({ document: { categories, projects, skills }, ancestorsOf }: TrackView): MarkupContent => {
  const withSkills = projects.filter(project => project.skills.length > 0)
  const inCategory = Map.groupBy(skills, ({ category }) => category)
  return [
    withSkills.length > 0 &&
      group(
        'Projects',
        withSkills.map(({ slug, title }) => option(`project:${slug}`, title)),
      ),
    categories.map(({ key, title }) => {
      const some = inCategory.get(key) ?? []
      return (
        some.length > 0 &&
        group(
          [...ancestorsOf(key).map(ancestor => ancestor.title), title].map(plainText).join(' › '),
          some.map(skill => option(skill.slug, skill.title)),
        )
      )
    }),
  ]
}

const group = (label: string, options: Markup[]): Markup => html`<optgroup label="${label}">${options}</optgroup>`

const option = (value: string, title: string): Markup => html`<option value="${value}">${plainText(title)}</option>`
