import { button, byId, copied, element } from './elements.ts'

/** What the panel is made of, beside the entry it shows. */
interface Around {
  /** Where the entry with this id stands, above its title. */
  where(id: string): Node[]
  /** What can be done with it, below its title. */
  controls(id: string): Node[]
  leave(): void
}

/** Shows an entry beside the matrix, or over the page where there is no room beside it. */
export const addPanel = (around: Around) => {
  const panel = byId('panel', HTMLDialogElement)
  const narrow = matchMedia('(max-width: 79.99em)')
  let opener: Element | null = null

  /** What lies under the panel cannot be reached until it is gone. */
  const cover = (): void => {
    for (const under of document.querySelectorAll<HTMLElement>('.learning')) under.inert = panel.open
  }

  const open = (id: string): boolean => {
    const entry = document.getElementById(id)
    if (!entry?.classList.contains('entry')) return false
    if (!panel.open) opener = document.activeElement
    panel.replaceChildren(
      ...around.where(id),
      titleOf(entry),
      ...around.controls(id),
      bodyOf(entry),
      button('close', '×', 'Close', around.leave),
    )
    if (panel.open && panel.matches(':modal') !== narrow.matches) panel.close()
    if (!panel.open) narrow.matches ? panel.showModal() : panel.show()
    panel.scrollTop = 0
    cover()
    byId('panel-title', HTMLElement).focus()
    return true
  }

  /** Focus goes back to where it came from, or to where the entry stands in the matrix. */
  const close = (last: string | undefined): void => {
    if (!panel.open) return
    panel.close()
    cover()
    const link = last === undefined ? null : document.querySelector<HTMLElement>(`main .desk a[href="#${last}"]`)
    const back = opener instanceof HTMLElement && opener !== document.body && opener.checkVisibility() ? opener : link
    back?.focus()
    opener = null
  }

  // Both kinds of dialog answer Escape alike.
  panel.addEventListener('cancel', event => event.preventDefault())
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && panel.open) around.leave()
  })
  panel.addEventListener('click', event => {
    if (event.target === panel && panel.matches(':modal') && outside(panel, event)) around.leave()
  })
  narrow.addEventListener('change', () => {
    if (!panel.open) return
    panel.close()
    narrow.matches ? panel.showModal() : panel.show()
    cover()
  })
  return { open, close }
}

const outside = (panel: HTMLElement, { clientX, clientY }: MouseEvent): boolean => {
  const { left, right, top, bottom } = panel.getBoundingClientRect()
  return clientX < left || clientX > right || clientY < top || clientY > bottom
}

const titleOf = ({ previousElementSibling: named }: Element): HTMLElement =>
  element('h2', { id: 'panel-title', tabindex: '-1', dir: 'auto' }, ...copied(named?.querySelector('.title') ?? named))

/** A copy, so that the page below stays whole; its headings follow that of the panel. */
const bodyOf = (entry: Element): HTMLElement => {
  const body = element('div', { class: 'entry' }, ...copied(entry))
  for (const old of body.querySelectorAll('h3, h4, h5, h6'))
    old.replaceWith(element(old.matches('h6') ? 'h4' : 'h3', {}, ...copied(old)))
  return body
}
