/** The element of ours with this id: the page has it, since the server wrote both. */
export const byId = <T extends HTMLElement>(id: string, kind: new () => T): T => {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${id}`)
}

/** A new element with attributes and content. */
export const element = <N extends keyof HTMLElementTagNameMap>(
  name: N,
  attributes: Record<string, string> = {},
  ...content: (Node | string)[]
): HTMLElementTagNameMap[N] => {
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.append(...content)
  return made
}

/** Copies of what stands in another element, such as a title with its code. */
export const copied = (from: Element | null): Node[] => [...(from?.childNodes ?? [])].map(node => node.cloneNode(true))

export const button = (kind: string, text: string, label: string, pressed: () => void): HTMLButtonElement => {
  const made = element('button', { type: 'button', class: kind, 'aria-label': label }, text)
  made.addEventListener('click', pressed)
  return made
}
