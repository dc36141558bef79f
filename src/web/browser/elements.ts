/** Returns the element with this id, which the server has rendered. */
export const byId = <T extends HTMLElement>(id: string, kind: new () => T): T => {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${id}`)
}

/** Creates an element with attributes and content. */
export const element = <N extends keyof HTMLElementTagNameMap>(
  name: N,
  attributes: Record<string, string> = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[N] => {
  const created = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) created.setAttribute(attribute, value)
  created.append(...content)
  return created
}

/** Clones the child nodes of an element, such as a title with code in it. */
export const cloneChildren = (from: Element | null): Node[] =>
  [...(from?.childNodes ?? [])].map(node => node.cloneNode(true))
