/** Case and accents make no difference to who searches. */
export const folded = (text: string): string =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()

export interface Searchable {
  slug: string
  /** Both folded. */
  title: string
  text: string
}

/** What holds every word, best first: the title as typed, its beginning, words in it, then any other text. */
export const search = (skills: readonly Searchable[], query: string): { slug: string; inTitle: boolean }[] => {
  const typed = folded(query).trim()
  const words = typed.split(/\s+/)
  const rank = ({ title }: Searchable): number => {
    if (title === typed) return 0
    if (title.startsWith(typed)) return 1
    return words.every(word => title.includes(word)) ? 2 : 3
  }
  return skills
    .filter(({ title, text }) => words.every(word => title.includes(word) || text.includes(word)))
    .map(skill => ({ slug: skill.slug, rank: rank(skill) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ slug, rank }) => ({ slug, inTitle: rank < 3 }))
}
