import type { Item } from '../model/curriculum.ts'
import { type ExerciseFile, fileRoles } from '../model/exercise.ts'
import type { Markup, MarkupContent } from '../text/html.ts'
import { formatDuration } from './durations.ts'
import { html, inline } from './html.ts'
import { markdownText } from './markdown-text.ts'
import { detailsEntry, paragraph, section, subsection, textList } from './page-elements.ts'
import { mentionDetails, skillList } from './skill-sections.ts'
import type { TrackView } from './track-view.ts'

type Exercise = Item<'exercise'>
type Question = Exercise['questions'][number]

/** Renders the exercises. Hints, solutions and right answers are collapsed, so that a learner can try first. */
export const exercises = (view: TrackView): Markup =>
  section(
    'exercises',
    'Exercises',
    view.document.exercises.map(exercise =>
      detailsEntry(
        `exercise-${exercise.slug}`,
        inline(exercise.title),
        [exercise.kind, exercise.duration && formatDuration(view.messages, exercise.duration)]
          .filter(Boolean)
          .join(' · '),
        [
          paragraph(exercise.summary, 'lead'),
          subsection(
            3,
            'What to do',
            exercise.instructions === null
              ? undefined
              : markdownText(view, exercise.instructions, `exercise-${exercise.slug}-task`),
          ),
          subsection(3, 'Done when', textList(exercise.criteria)),
          subsection(3, 'Questions', questions(view, exercise)),
          files(exercise),
          subsection(3, 'Help', help(view, exercise)),
          subsection(3, 'What it exercises', skillList(view, exercise.skills)),
          mentionDetails(view, exercise.mentions),
        ],
      ),
    ),
  )

/** Collapsed content that is not printed unless it is open. */
const spoiler = (title: string, content: MarkupContent): Markup =>
  html`<details class="spoiler"><summary>${title}</summary>${content}</details>`

const questions = (view: TrackView, { slug, questions }: Exercise): Markup | undefined =>
  questions.length === 0
    ? undefined
    : html`<ol class="questions">${questions.map((question, index) => {
        const id = `exercise-${slug}-${index + 1}`
        return html`
<li>${markdownText(view, question.text, id)}
${choices(question)}
${spoiler(`Answer to question ${index + 1}`, answer(view, question, id))}</li>`
      })}
</ol>`

const choices = ({ choices }: Question): MarkupContent =>
  choices.length > 0 &&
  html`<ol class="choices">${choices.map(({ text }) => html`<li dir="auto">${inline(text)}</li>`)}</ol>`

const answer = (view: TrackView, { choices, answer, explanation }: Question, id: string): MarkupContent => [
  paragraph(answer),
  choices.length > 0 &&
    html`<ol class="choices">${choices.map(
      ({ text, correct, feedback }) =>
        html`<li dir="auto"><b>${correct ? 'Right' : 'Wrong'}:</b> ${inline(text)}${feedback && html`<br>${inline(feedback)}`}</li>`,
    )}</ol>`,
  explanation !== null && markdownText(view, explanation, `${id}-explanation`),
]

/** The headings of the files by role; null for those of the solution, which are collapsed. */
const roleTitles: { readonly [R in ExerciseFile['role']]: string | null } = {
  starter: 'To begin with',
  test: 'Tests',
  data: 'Data',
  solution: null,
}

const files = ({ files }: Exercise): MarkupContent =>
  fileRoles.map(role => {
    const own = files.filter(file => file.role === role)
    return own.length > 0 && roleTitles[role] !== null && subsection(3, roleTitles[role], own.map(fileText))
  })

const fileText = ({ path, text }: ExerciseFile): Markup =>
  html`<div class="notes"><p><code>${path}</code></p><pre tabindex="0"><code>${text}</code></pre></div>\n`

const help = (view: TrackView, { slug, hints, solution, files }: Exercise): MarkupContent | undefined => {
  const solutionFiles = files.filter(({ role }) => role === 'solution')
  const parts = [
    ...hints.map((hint, index) => spoiler(`Hint ${index + 1}`, paragraph(hint))),
    ...(solution === null && solutionFiles.length === 0
      ? []
      : [
          spoiler('Solution', [
            solution !== null && markdownText(view, solution, `exercise-${slug}-solution`),
            solutionFiles.map(fileText),
          ]),
        ]),
  ]
  return parts.length === 0 ? undefined : parts
}
