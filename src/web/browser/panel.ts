import type { Messages } from '../messages/en.ts'
import { addCopyButtons } from './copy.ts'
import { byId, cloneChildren, element } from './elements.ts'
import { type Entry, entryOfPage, entryOnPage } from './entries.ts'

interface PanelOptions {
  messages: Messages['roadmap']['script']
  /** Returns the place of an entry of this page in the track. */
  placeOf(id: string): string[]
  /** The controls of an entry, below its title. */
  controls(id: string): Node[]
  onClose(): void
}

/** Shows an entry beside the overview, or over it on narrow screens. */
export const addPanel = ({ messages, placeOf, controls, onClose }: PanelOptions) => {
  const panel = byId('panel', HTMLDialogElement)
  const narrow = matchMedia('(max-width: 79.99em)')
  let shown: string | undefined
  let opener: Element | null = null

  const show = (): void => {
    if (panel.open && panel.matches(':modal') !== narrow.matches) panel.close()
    if (!panel.open) narrow.matches ? panel.showModal() : panel.show()
  }

  const fill = (id: string, { where, title, content, page }: Entry): void => {
    const close = element('button', { type: 'button', class: 'close', 'aria-label': messages.close }, '×')
    close.addEventListener('click', onClose)
    panel.replaceChildren(
      element(
        'header',
        {},
        element('p', { class: 'where' }, ...factLine(where)),
        element('h2', { id: 'panel-title', tabindex: '-1', dir: 'auto' }, ...title.map(node => node.cloneNode(true))),
        ...controls(id),
      ),
      element('div', { class: 'entry' }, ...content.map(node => node.cloneNode(true))),
      ...(page === undefined
        ? []
        : [element('p', { class: 'full-page' }, element('a', { href: page }, messages.openPage))]),
      close,
    )
    addCopyButtons(panel, messages)
    panel.scrollTop = 0
  }

  /** Opens the entry of an id, from this page or from the page to which the link leads. Returns false if there is neither. */
  const open = (id: string, link: HTMLAnchorElement | null): boolean => {
    const entry = entryOnPage(id)
    const url = link === null || link.getAttribute('href')?.startsWith('#') ? undefined : link.href
    if (entry === undefined && url === undefined) return false
    if (!panel.open) opener = document.activeElement
    shown = id
    if (entry !== undefined) fill(id, { ...entry, where: [...placeOf(id), ...entry.where] })
    else if (url !== undefined) load(id, url, cloneChildren(link))
    show()
    byId('panel-title', HTMLElement).focus()
    return true
  }

  /** Shows the title of an entry until its page arrives. If it does not, the browser opens the page, which shows the reason. */
  const load = (id: string, url: string, title: Node[]): void => {
    fill(id, {
      where: placeOf(id),
      title,
      content: [element('p', { class: 'loading', role: 'status' }, messages.loading)],
    })
    panel.setAttribute('aria-busy', 'true')
    entryOfPage(url)
      .then(entry => {
        if (shown !== id) return
        const focused = panel.contains(document.activeElement)
        fill(id, entry)
        if (focused) byId('panel-title', HTMLElement).focus()
      })
      .catch(() => {
        if (shown === id) location.assign(url)
      })
      .finally(() => {
        if (shown === id) panel.removeAttribute('aria-busy')
      })
  }

  /** Moves the focus back to the element that opened the panel, or to the entry's link in the overview. */
  const close = (link: HTMLElement | null): void => {
    if (!panel.open) return
    shown = undefined
    panel.close()
    const back = opener instanceof HTMLElement && opener !== document.body && opener.checkVisibility() ? opener : link
    back?.focus({ preventScroll: true })
    opener = null
  }

  // Escape closes modal and non-modal dialogs in the same way.
  panel.addEventListener('cancel', event => event.preventDefault())
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && panel.open) onClose()
  })
  panel.addEventListener('click', event => {
    if (event.target === panel && panel.matches(':modal') && isOutside(panel, event)) onClose()
  })
  // The target of a footnote is in the panel, of which the browser knows no history.
  panel.addEventListener('click', event => {
    const link = event.target instanceof Element ? event.target.closest('a[href^="#panel-"]') : null
    const target = link && document.getElementById(link.getAttribute('href')?.slice(1) ?? '')
    if (!target) return
    event.preventDefault()
    target.tabIndex = -1
    target.focus()
  })
  narrow.addEventListener('change', () => panel.open && show())
  return { open, close }
}

const isOutside = (panel: HTMLElement, { clientX, clientY }: MouseEvent): boolean => {
  const { left, right, top, bottom } = panel.getBoundingClientRect()
  return clientX < left || clientX > right || clientY < top || clientY > bottom
}

/** Returns facts on a line, each in its own direction. */
const factLine = (facts: readonly string[]): (Node | string)[] =>
  facts.flatMap((fact, index) => [index > 0 ? ' · ' : '', element('bdi', {}, fact)])
