import { z } from 'zod'
import { Duration } from './duration.ts'
import { identityFields, mentionFields } from './identity.ts'
import { refTo } from './keys.ts'
import { FileText, listOf, Markdown, orNull, Text, Title } from './text.ts'

export const ExerciseKind = z
  .enum(['exercise', 'assignment', 'quiz'])
  .meta({ id: 'ExerciseKind', description: 'A task to practise with, work to hand in, or questions to answer.' })

export const Choice = z
  .strictObject({
    text: Text.meta({ description: 'The text of the choice.' }),
    correct: z.boolean().default(false).meta({ description: 'True for a right choice.' }),
    feedback: orNull(Text).meta({ description: 'The response to a learner who picks it.' }),
  })
  .meta({ id: 'Choice', description: 'A choice of a question.' })

export const Question = z
  .strictObject({
    text: Markdown.meta({ description: 'The question, in Markdown.' }),
    choices: listOf(Choice).meta({
      description: 'The choices, in order; several may be right. Empty for a question with a written answer.',
    }),
    answer: orNull(Text).meta({ description: 'The right answer to a question without choices.' }),
    explanation: orNull(Markdown).meta({ description: 'The reason for the right answer, in Markdown.' }),
  })
  .meta({ id: 'Question', description: 'A question of a quiz.' })

/** The roles of the files of an exercise. */
export const fileRoles = ['starter', 'solution', 'test', 'data'] as const

export const isFileRole = (name: string): name is (typeof fileRoles)[number] => fileRoles.some(role => role === name)

/** The most bytes of a file of an exercise: in UTF-8, 100,000 characters have no more. */
export const maxExerciseFileBytes = 300_000

/** The most files of an exercise. */
export const maxExerciseFiles = 50

/** The most characters of the files of an exercise together. They fit into the body of one request. */
export const maxExerciseFilesLength = 300_000

export const ExerciseFile = z
  .strictObject({
    path: z
      .string()
      .max(200)
      .regex(
        /^(?!.*\.(sw[a-z]|pyc)$)(?!(.*\/)?(__pycache__|node_modules)(\/|$))(?!\.)[\w.-]+(\/(?!\.)[\w.-]+)*$/,
        'must be a relative path of letters, digits, dots, hyphens and underscores, such as src/main.py, and not that of a file which a tool creates',
      )
      .meta({ description: 'The path of the file, relative to the folder of its role.', examples: ['main.py'] }),
    role: z.enum(fileRoles).meta({
      id: 'ExerciseFileRole',
      description: 'The role of the file: code to begin with, a solution, tests, or data.',
    }),
    text: FileText.meta({ description: 'The content of the file.' }),
  })
  .meta({ id: 'ExerciseFile', description: 'A text file of an exercise.' })
export type ExerciseFile = z.infer<typeof ExerciseFile>

export const Exercise = z
  .strictObject({
    ...identityFields,
    kind: ExerciseKind,
    title: Title.meta({ description: 'The title of the exercise.', examples: ['A decorator that counts calls'] }),
    summary: orNull(Text).meta({ description: 'The exercise in one or two sentences.' }),
    skills: z
      .array(refTo('skill'))
      .min(1)
      .max(20_000)
      .meta({ description: 'Keys of the skills it practises, at least one.' }),
    duration: orNull(Duration).meta({ description: 'The time that a learner needs for it.' }),
    instructions: orNull(Markdown).meta({ description: 'The task, in Markdown.' }),
    criteria: listOf(Text).meta({ description: 'The criteria of a grader, a sentence each.' }),
    hints: listOf(Text).meta({ description: 'Hints, each to be read only after the one before did not help.' }),
    solution: orNull(Markdown).meta({ description: 'A solution, in Markdown. It is public, as everything else.' }),
    questions: listOf(Question).meta({ description: 'The questions of a quiz, in order.' }),
    files: z
      .array(ExerciseFile)
      .max(maxExerciseFiles)
      .default([])
      .meta({ description: 'The files of the exercise, by role and path; at most 300,000 characters together.' }),
    ...mentionFields,
  })
  .meta({ id: 'Exercise', description: 'A task that practises skills: an exercise, an assignment or a quiz.' })
export type Exercise = z.infer<typeof Exercise>

/** Sorts files by role and path: their order has no meaning. */
export const sortFiles = (files: readonly ExerciseFile[]): ExerciseFile[] =>
  files.toSorted((a, b) => fileRoles.indexOf(a.role) - fileRoles.indexOf(b.role) || (a.path < b.path ? -1 : 1))
