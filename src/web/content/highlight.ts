import { createRequire } from 'node:module'
import type { HLJSApi, Language, LanguageFn } from 'highlight.js'

const load = createRequire(import.meta.url)

/** The languages of a developer curriculum that are not among the 36 of highlight.js/lib/common. */
const moreLanguages = ['dockerfile', 'http', 'nginx', 'powershell'] as const

/** Loads highlight.js at its first use, to save memory until then. */
const loadHighlighter = (): HLJSApi => {
  const highlighter = load('highlight.js/lib/common') as HLJSApi
  for (const name of moreLanguages) highlighter.registerLanguage(name, load(`highlight.js/lib/languages/${name}`))
  const csharp = load('highlight.js/lib/languages/csharp') as LanguageFn
  highlighter.registerLanguage('csharp', api => withoutFunctions(csharp(api)))
  return highlighter
}

/** Removes the pattern of C# functions: its time grows with the cube of the code's length. */
const withoutFunctions = ({ contains, ...language }: Language): Language => ({
  ...language,
  contains: contains.filter(mode => mode.scope !== 'function' && mode.className !== 'function'),
})

let highlighter: HLJSApi | undefined

/** Longer code, and code with longer lines, stays plain: some patterns take a time that grows with the square of the length. */
const maxLength = 4_000
const tooLongLine = /[^\n]{400}/

/** Returns code as HTML with the parts of its language as elements, or undefined for an unknown language. */
export const highlightCode = (code: string, language: string): string | undefined => {
  if (language === '' || code.length > maxLength || tooLongLine.test(code)) return undefined
  highlighter ??= loadHighlighter()
  return highlighter.getLanguage(language) && highlighter.highlight(code, { language, ignoreIllegals: true }).value
}
