/** Removes case and accents for searching. */
export const normalizeText = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()

export interface Searchable {
  slug: string
  /** Code, title and text are normalized; the code is empty if the skill has none. */
  code: string
  title: string
  text: string
}

/** Finds skills that contain every word, best first: the exact code or title, its beginning, words in it, then any other text. */
export const search = (skills: readonly Searchable[], query: string): { slug: string; inTitle: boolean }[] => {
  const typed = normalizeText(query).trim()
  const words = typed.split(/\s+/)
  const rank = ({ code, title }: Searchable): number => {
    if (code === typed || title === typed) return 0
    if (code.startsWith(typed) || title.startsWith(typed)) return 1
    return words.every(word => title.includes(word)) ? 2 : 3
  }
  return skills
    .filter(({ code, title, text }) => words.every(word => [code, title, text].some(part => part.includes(word))))
    .map(skill => ({ slug: skill.slug, rank: rank(skill) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ slug, rank }) => ({ slug, inTitle: rank < 3 }))
}
