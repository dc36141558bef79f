import { button, byId, cloneChildren, element } from './elements.ts'

/** The parts of the panel besides the entry. */
interface PanelContent {
  /** The place of the entry in the track, above its title. */
  where(id: string): Node[]
  /** The buttons of the entry, below its title. */
  controls(id: string): Node[]
  onClose(): void
}

/** Shows an entry beside the matrix, or as a modal dialog on narrow screens. */
export const addPanel = (content: PanelContent) => {
  const panel = byId('panel', HTMLDialogElement)
  const narrow = matchMedia('(max-width: 79.99em)')
  let opener: Element | null = null

  /** Makes what is under the panel inert while it is open. */
  const updateInert = (): void => {
    for (const under of document.querySelectorAll<HTMLElement>('.learning')) under.inert = panel.open
  }

  const open = (id: string): boolean => {
    const entry = document.getElementById(id)
    if (!entry?.classList.contains('entry')) return false
    if (!panel.open) opener = document.activeElement
    panel.replaceChildren(
      ...content.where(id),
      buildTitle(entry),
      ...content.controls(id),
      buildBody(entry),
      button('close', '×', 'Close', content.onClose),
    )
    if (panel.open && panel.matches(':modal') !== narrow.matches) panel.close()
    if (!panel.open) narrow.matches ? panel.showModal() : panel.show()
    panel.scrollTop = 0
    updateInert()
    byId('panel-title', HTMLElement).focus()
    return true
  }

  /** Moves the focus back to the element that opened the panel, or to the entry's link in the matrix. */
  const close = (last: string | undefined): void => {
    if (!panel.open) return
    panel.close()
    updateInert()
    const link = last === undefined ? null : document.querySelector<HTMLElement>(`main .desk a[href="#${last}"]`)
    const back = opener instanceof HTMLElement && opener !== document.body && opener.checkVisibility() ? opener : link
    back?.focus()
    opener = null
  }

  // Escape closes modal and non-modal dialogs in the same way.
  panel.addEventListener('cancel', event => event.preventDefault())
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && panel.open) content.onClose()
  })
  panel.addEventListener('click', event => {
    if (event.target === panel && panel.matches(':modal') && isOutside(panel, event)) content.onClose()
  })
  // The browser would close the panel: an address of a footnote is not that of an entry.
  panel.addEventListener('click', event => {
    const link =
      event.target instanceof Element ? event.target.closest<HTMLAnchorElement>('a[href^="#panel-fn"]') : null
    const target = link && document.getElementById(link.hash.slice(1))
    if (!target) return
    event.preventDefault()
    target.tabIndex = -1
    target.focus()
  })
  narrow.addEventListener('change', () => {
    if (!panel.open) return
    panel.close()
    narrow.matches ? panel.showModal() : panel.show()
    updateInert()
  })
  return { open, close }
}

const isOutside = (panel: HTMLElement, { clientX, clientY }: MouseEvent): boolean => {
  const { left, right, top, bottom } = panel.getBoundingClientRect()
  return clientX < left || clientX > right || clientY < top || clientY > bottom
}

const buildTitle = ({ previousElementSibling: named }: Element): HTMLElement =>
  element(
    'h2',
    { id: 'panel-title', tabindex: '-1', dir: 'auto' },
    ...cloneChildren(named?.querySelector('.title') ?? named),
  )

/** Clones the entry; its headings follow the panel's heading, and the links of its footnotes lead to the clones. */
const buildBody = (entry: Element): HTMLElement => {
  const body = element('div', { class: 'entry' }, ...cloneChildren(entry))
  for (const old of body.querySelectorAll('h3, h4, h5, h6')) {
    const level = Math.max(Number(old.getAttribute('aria-level') ?? old.localName.slice(1)) - 2, 3)
    const name = (['h3', 'h4', 'h5', 'h6'] as const)[level - 3] ?? 'h6'
    old.replaceWith(element(name, level > 6 ? { 'aria-level': String(level) } : {}, ...cloneChildren(old)))
  }
  for (const link of body.querySelectorAll<HTMLAnchorElement>('a[href^="#fn"]'))
    link.setAttribute('href', `#${inPanel(link.hash.slice(1))}`)
  for (const target of body.querySelectorAll('[id]')) target.id = inPanel(target.id)
  return body
}

const inPanel = (id: string): string => `panel-${id}`
