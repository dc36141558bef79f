/** The entry or the target of a path that a URL's fragment refers to. */
type FragmentTarget = { entry: string } | { target: string }

/** Parses a fragment; undefined for any other place on the page. */
export const parseFragment = (hash: string): FragmentTarget | undefined => {
  const entry = /^#((?:skill|category|project|exercise|plan|checklist|principle)-[a-z0-9-]+)$/.exec(hash)?.[1]
  if (entry !== undefined) return { entry }
  const target = /^#to=((?:project:)?[a-z0-9-]+)$/.exec(hash)?.[1]
  return target === undefined ? undefined : { target }
}
