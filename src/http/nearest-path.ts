import { nearest } from '../query/suggest.ts'

/** No address that somebody mistypes is longer, and comparing takes its time. */
const maxPathLength = 200

/** The address that a path is nearest to, part by part; what stands at the place of a name is taken as it is. */
export const nearestPath = (path: string, routes: readonly string[]): string | undefined => {
  if (path.length > maxPathLength) return undefined
  const parts = path.replace(/\/$/, '').split('/').slice(1)
  const known = routes.map(route => route.split('/').slice(1))
  // Whoever left out the version meant it.
  return matchRoutes(parts, known) ?? matchRoutes(['v1', ...parts], known)
}

const matchRoutes = (parts: readonly string[], routes: readonly string[][]): string | undefined => {
  let left = routes.filter(route => route.length === parts.length)
  let address = ''
  for (const [index, part] of parts.entries()) {
    const words = left.map(route => route[index] as string) // each is as long as the path
    const meant = words.find(word => word === part) ?? parameterIn(words, part) ?? nearest(part, words)
    if (meant === undefined) return undefined
    left = left.filter(route => route[index] === meant)
    address += `/${meant.startsWith(':') ? part : meant}`
  }
  return address
}

/** What a route has at the place of a name, where there is one. */
const parameterIn = (words: readonly string[], part: string): string | undefined =>
  part === '' ? undefined : words.find(word => word.startsWith(':'))
