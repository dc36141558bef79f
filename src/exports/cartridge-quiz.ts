import { decodeHTML } from 'entities'
import type { Item } from '../model/curriculum.ts'
import { type Markup, type MarkupContent, plainText } from '../text/html.ts'
import { titleText, topicHtml } from './cartridge-text.ts'
import { markup } from './markup.ts'
import { choiceHtml, type TaskHtml } from './task-html.ts'

type Exercise = Item<'exercise'>
type Question = Exercise['questions'][number]

/**
 * Writes a quiz as QTI 1.2.1 in the profile of Common Cartridge. A respcondition goes on (`continue`) only for the
 * explanation, because Moodle takes the feedback of every such condition for the general feedback.
 */
export const quizXml = (exercise: Exercise, id: string, html: TaskHtml): Markup => {
  const rubric = html.exercise(exercise)
  return markup`<questestinterop xmlns="http://www.imsglobal.org/xsd/ims_qtiasiv1p2">
<assessment ident="${id}" title="${titleText(exercise.title)}">
${metadata({ cc_profile: 'cc.exam.v0p1', qmd_assessmenttype: 'Examination', qmd_scoretype: 'Percentage', qmd_feedbackpermitted: 'Yes', qmd_solutionspermitted: 'Yes' })}
${rubric.text !== '' && markup`<rubric>${material(rubric)}</rubric>\n`}<section ident="root_section">
${exercise.questions.map((question, index) => item(question, `${id}.${index + 1}`, titleText(`${index + 1}. ${exercise.title}`), html))}</section>
</assessment>
</questestinterop>
`
}

const metadata = (fields: Record<string, string>): Markup =>
  markup`<qtimetadata>${Object.entries(fields).map(
    ([name, value]) =>
      markup`<qtimetadatafield><fieldlabel>${name}</fieldlabel><fieldentry>${value}</fieldentry></qtimetadatafield>`,
  )}</qtimetadata>`

const material = (content: Markup): Markup =>
  markup`<material><mattext texttype="text/html">${topicHtml(content)}</mattext></material>`

/** The parts of an item that its type decides. */
interface ItemParts {
  profile: string
  metadata?: Record<string, string>
  /** The input: choices, or a field. */
  response: Markup
  conditions: Markup[]
  /** The feedback by ident. */
  feedback: Map<string, Markup>
  /** The right answer, if the item cannot check it. */
  answer?: string
}

const item = (question: Question, id: string, title: string, html: TaskHtml): Markup => {
  const { profile, metadata: more, response, conditions, feedback, answer } = partsOf(question, id)
  const general = [
    answer !== undefined && choiceHtml(`Answer: ${answer}`),
    question.explanation !== null && html.text(question.explanation, `${id}.explanation`),
  ].filter(part => part !== false)
  const all = general.length === 0 ? feedback : new Map([[generalFeedback, markup`${general}`], ...feedback])
  return markup`<item ident="${id}" title="${title}">
<itemmetadata>${metadata({ cc_profile: profile, ...more })}</itemmetadata>
<presentation>${material(html.text(question.text, id))}${response}</presentation>
${
  conditions.length + general.length > 0 &&
  markup`<resprocessing><outcomes><decvar maxvalue="100" minvalue="0" varname="SCORE" vartype="Decimal"/></outcomes>
${general.length > 0 && condition(markup`<other/>`, { feedback: generalFeedback, goesOn: true })}${conditions}</resprocessing>
`
}${[...all].map(([ident, text]) => markup`<itemfeedback ident="${ident}"><flow_mat>${material(text)}</flow_mat></itemfeedback>\n`)}</item>
`
}

const generalFeedback = 'general_feedback'

interface Outcome {
  score?: 100
  /** The ident of the feedback to show. */
  feedback?: string | undefined
  goesOn?: true
}

const condition = (test: MarkupContent, { score, feedback, goesOn }: Outcome): Markup =>
  markup`<respcondition continue="${goesOn ? 'Yes' : 'No'}"><conditionvar>${test}</conditionvar>${
    score !== undefined && markup`<setvar action="Set" varname="SCORE">${score}</setvar>`
  }${feedback !== undefined && markup`<displayfeedback feedbacktype="Response" linkrefid="${feedback}"/>`}</respcondition>\n`

const partsOf = (question: Question, id: string): ItemParts => {
  if (question.answer !== null) return typedParts(plainText(question.answer))
  return choiceParts(question.choices, `${id}.response`)
}

/** The profile demands three choices for a question with a single answer. */
const isSingle = (choices: Question['choices']): boolean =>
  choices.length > 2 && choices.filter(({ correct }) => correct).length === 1

const choiceParts = (choices: Question['choices'], response: string): ItemParts => {
  const named = choices.map((choice, index) => ({ ...choice, ident: `choice${index + 1}` }))
  const equals = (ident: string) => markup`<varequal respident="${response}" case="Yes">${ident}</varequal>`
  const single = isSingle(choices)
  const feedbackOf = ({ ident, feedback }: (typeof named)[number]) =>
    feedback === null ? undefined : `${ident}_feedback`
  const right = named.map(({ correct, ident }) => (correct ? equals(ident) : markup`<not>${equals(ident)}</not>`))
  return {
    profile: single ? 'cc.multiple_choice.v0p1' : 'cc.multiple_response.v0p1',
    response: markup`<response_lid ident="${response}" rcardinality="${single ? 'Single' : 'Multiple'}"><render_choice>${named.map(
      ({ ident, text }) => markup`<response_label ident="${ident}">${material(choiceHtml(text))}</response_label>`,
    )}</render_choice></response_lid>`,
    conditions: [
      ...(single ? [] : [condition(markup`<and>${right}</and>`, { score: 100 })]),
      ...named
        .filter(one => (single && one.correct) || one.feedback !== null)
        .map(one =>
          condition(equals(one.ident), { ...(single && one.correct && { score: 100 }), feedback: feedbackOf(one) }),
        ),
    ],
    feedback: new Map(
      named.flatMap(({ ident, feedback }) => (feedback === null ? [] : [[`${ident}_feedback`, choiceHtml(feedback)]])),
    ),
  }
}

/** Returns true for an answer that platforms compare as it is: for Moodle `*` matches any text, `0` is no text, and entities are decoded. */
const isComparable = (answer: string): boolean =>
  /^[^*\n]{1,255}$/.test(answer) && answer !== '0' && decodeHTML(answer) === answer

const typedParts = (answer: string): ItemParts =>
  isComparable(answer)
    ? {
        profile: 'cc.fib.v0p1',
        response: field('1'),
        conditions: [condition(markup`<varequal respident="answer" case="No">${answer}</varequal>`, { score: 100 })],
        feedback: new Map(),
      }
    : {
        profile: 'cc.essay.v0p1',
        metadata: { qmd_computerscored: 'No' },
        response: field('5'),
        conditions: [],
        feedback: new Map(),
        answer,
      }

const field = (rows: string): Markup =>
  markup`<response_str ident="answer" rcardinality="Single"><render_fib rows="${rows}" prompt="Box"/></response_str>`
