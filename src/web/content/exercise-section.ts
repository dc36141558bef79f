import type { Item } from '../../model/curriculum.ts'
import { type ExerciseFile, fileRoles } from '../../model/exercise.ts'
import { Markup, type MarkupContent } from '../../text/html.ts'
import { formatDuration } from '../messages/durations.ts'
import { format } from '../messages/messages.ts'
import { html, inline } from '../page/html.ts'
import { detailsEntry, entryParts, paragraph, section, subsection, textList } from '../page/page-elements.ts'
import { codeBlock } from './markdown.ts'
import { markdownText } from './markdown-text.ts'
import { mentionDetails, skillList } from './skill-sections.ts'
import type { TrackView } from './track-view.ts'

type Exercise = Item<'exercise'>
type Question = Exercise['questions'][number]

/** Renders the exercises. */
export const exercises = (view: TrackView): Markup =>
  section(
    'exercises',
    view.messages.item.exercises,
    view.document.exercises.map(exercise =>
      detailsEntry(
        `exercise-${exercise.slug}`,
        inline(exercise.title),
        [
          view.messages.item.exerciseKinds[exercise.kind],
          exercise.duration && formatDuration(view.messages, exercise.duration),
        ],
        exerciseContent(view, exercise, 3),
      ),
    ),
  )

/**
 * Renders everything that there is of an exercise, under headings of a level. Hints, solutions and right answers are collapsed, so
 * that a learner can try first.
 */
export const exerciseContent = (view: TrackView, exercise: Exercise, level: number): Markup => {
  const { item } = view.messages
  return entryParts(
    [
      paragraph(exercise.summary, 'lead'),
      subsection(
        level,
        item.task,
        exercise.instructions === null
          ? undefined
          : markdownText(view, exercise.instructions, `exercise-${exercise.slug}-task`, level + 1),
      ),
      subsection(level, item.criteria, textList(exercise.criteria)),
      subsection(level, item.questions, questions(view, exercise)),
      files(view, exercise, level),
      subsection(level, item.help, help(view, exercise)),
    ],
    [
      subsection(level, item.skillsPractised, skillList(view, exercise.skills)),
      mentionDetails(view, exercise.mentions),
    ],
  )
}

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
${spoiler(format(view.messages.item.answer, { number: index + 1 }), answer(view, question, id))}</li>`
      })}
</ol>`

const choices = ({ choices }: Question): MarkupContent =>
  choices.length > 0 &&
  html`<ol class="choices">${choices.map(({ text }) => html`<li><bdi>${inline(text)}</bdi></li>`)}</ol>`

const answer = (view: TrackView, { choices, answer, explanation }: Question, id: string): MarkupContent => [
  paragraph(answer),
  choices.length > 0 &&
    html`<ol class="choices">${choices.map(
      ({ text, correct, feedback }) =>
        html`<li><b>${correct ? view.messages.item.right : view.messages.item.wrong}:</b> <bdi>${inline(text)}</bdi>${feedback && html`<br><bdi>${inline(feedback)}</bdi>`}</li>`,
    )}</ol>`,
  explanation !== null && markdownText(view, explanation, `${id}-explanation`),
]

/** The messages with the headings of the files by role; null for those of the solution, which are collapsed. */
const roleTitles = { starter: 'starterFiles', test: 'testFiles', data: 'dataFiles', solution: null } as const

const files = ({ messages }: TrackView, { files }: Exercise, level: number): MarkupContent =>
  fileRoles.map(role => {
    const own = files.filter(file => file.role === role)
    const title = roleTitles[role]
    return own.length > 0 && title !== null && subsection(level, messages.item[title], own.map(fileText))
  })

/** Renders a file. The end of its name is the name of its language; that of a Dockerfile is the whole. */
const fileText = ({ path, text }: ExerciseFile): Markup => {
  const language = path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('.')) + 1).toLowerCase()
  return html`<div class="notes"><p class="file-name"><code>${path}</code></p>${new Markup(codeBlock(text, language))}</div>\n`
}

const help = (view: TrackView, { slug, hints, solution, files }: Exercise): MarkupContent | undefined => {
  const { item } = view.messages
  const solutionFiles = files.filter(({ role }) => role === 'solution')
  const parts = [
    ...hints.map((hint, index) => spoiler(format(item.hint, { number: index + 1 }), paragraph(hint))),
    ...(solution === null && solutionFiles.length === 0
      ? []
      : [
          spoiler(item.solution, [
            solution !== null && markdownText(view, solution, `exercise-${slug}-solution`),
            solutionFiles.map(fileText),
          ]),
        ]),
  ]
  return parts.length === 0 ? undefined : parts
}
