/** What the part of the address behind the # asks for: an entry to show, or a target to find the way to. */
export type Asked = { entry: string } | { target: string }

/** Undefined for any other place on the page. */
export const readAddress = (hash: string): Asked | undefined => {
  const entry = /^#((?:skill|category|project|plan|checklist|principle)-[a-z0-9-]+)$/.exec(hash)?.[1]
  if (entry !== undefined) return { entry }
  const target = /^#to=((?:project:)?[a-z0-9-]+)$/.exec(hash)?.[1]
  return target === undefined ? undefined : { target }
}
