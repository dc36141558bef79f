/**
 * Adds zoom and highlighting to the graphs of the page, and shows which skills are known. `numberOf` returns the number of the
 * step on the path that is left, if it is on one.
 */
export const addGraphs = (isKnown: (slug: string) => boolean, numberOf?: (slug: string) => number | undefined) => {
  const figures = [...document.querySelectorAll<HTMLElement>('.graph')]
  for (const figure of figures) {
    addZoom(figure)
    addHighlight(figure)
  }

  const show = (): void => {
    for (const figure of figures)
      for (const card of figure.querySelectorAll<SVGElement>('.card')) {
        const slug = card.dataset.node ?? ''
        const known = isKnown(slug)
        card.classList.toggle('known', known)
        const step = numberOf?.(slug)
        card.dataset.label ??= card.getAttribute('aria-label') ?? ''
        // The label of a step begins with its number.
        const label = step === undefined ? card.dataset.label : card.dataset.label.replace(/\d+/, String(step))
        card.setAttribute('aria-label', known ? `${label}, ${figure.dataset.known}` : label)
        const number = card.querySelector('.badge text')
        if (number && step !== undefined) number.textContent = String(step)
      }
  }
  show()
  return { show }
}

const zoomSteps = [0.5, 0.67, 0.8, 1, 1.25, 1.5, 2, 3]

/** Zooms by buttons, keys, pinch, and the wheel with Ctrl or ⌘: the wheel alone scrolls the page. */
const addZoom = (figure: HTMLElement): void => {
  const view = figure.querySelector<HTMLElement>('.graph-scroll')
  const tools = figure.querySelector<HTMLElement>('.graph-tools')
  const reset = tools?.querySelector('[data-zoom=reset]')
  if (!view || !tools || !reset) return
  tools.hidden = false
  let zoom = 1

  /** Zooms around a point of the screen, by default the middle of the graph. */
  const zoomTo = (wanted: number, clientX = middleOf(view).x, clientY = middleOf(view).y): void => {
    const drawing = [...view.querySelectorAll('svg')].find(one => one.getClientRects().length > 0)
    if (!drawing) return
    const before = drawing.getBoundingClientRect()
    const [x, y] = [(clientX - before.left) / before.width, (clientY - before.top) / before.height]
    zoom = Math.min(3, Math.max(0.5, wanted))
    for (const svg of view.querySelectorAll('svg')) {
      svg.style.maxWidth = zoom === 1 ? '' : 'none'
      svg.style.width = zoom === 1 ? '' : `${zoom * fittingWidth(svg, view)}px`
    }
    const after = drawing.getBoundingClientRect()
    view.scrollLeft += after.left + x * after.width - clientX
    scrollBy(0, after.top + y * after.height - clientY)
    reset.textContent = new Intl.NumberFormat(document.documentElement.lang, { style: 'percent' }).format(zoom)
    view.tabIndex = view.scrollWidth > view.clientWidth ? 0 : -1
  }
  const step = (by: 1 | -1): void => {
    const next = by > 0 ? zoomSteps.find(one => one > zoom + 0.01) : zoomSteps.findLast(one => one < zoom - 0.01)
    zoomTo(next ?? zoom)
  }

  tools.addEventListener('click', ({ target }) => {
    const action = target instanceof HTMLElement ? target.dataset.zoom : undefined
    if (action === 'reset') zoomTo(1)
    else if (action !== undefined) step(action === 'in' ? 1 : -1)
  })
  figure.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === '+' || event.key === '=') step(1)
    else if (event.key === '-') step(-1)
    else if (event.key === '0') zoomTo(1)
    else return
    event.preventDefault()
  })
  view.addEventListener(
    'wheel',
    event => {
      if (!event.ctrlKey && !event.metaKey) return
      event.preventDefault()
      zoomTo(zoom * Math.exp(-event.deltaY / 200), event.clientX, event.clientY)
    },
    { passive: false },
  )
  let pinch: { distance: number; zoom: number } | undefined
  view.addEventListener(
    'touchmove',
    event => {
      const [one, two] = event.touches
      if (!one || !two) return
      event.preventDefault()
      const distance = Math.hypot(one.clientX - two.clientX, one.clientY - two.clientY)
      pinch ??= { distance, zoom }
      zoomTo((pinch.zoom * distance) / pinch.distance, (one.clientX + two.clientX) / 2, (one.clientY + two.clientY) / 2)
    },
    { passive: false },
  )
  view.addEventListener('touchend', () => {
    pinch = undefined
  })
}

/** Returns the width at which a drawing is shown without zoom. */
const fittingWidth = (svg: SVGSVGElement, view: HTMLElement): number => {
  const natural = svg.classList.contains('lanes') ? 384 : svg.viewBox.baseVal.width
  const { paddingLeft, paddingRight } = getComputedStyle(view)
  return Math.min(natural, view.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight))
}

const middleOf = (view: HTMLElement): { x: number; y: number } => {
  const { left, width, top, bottom } = view.getBoundingClientRect()
  return { x: left + width / 2, y: (Math.max(top, 0) + Math.min(bottom, innerHeight)) / 2 }
}

/** Highlights the edges of the card that has the pointer or the focus. */
const addHighlight = (figure: HTMLElement): void => {
  const highlight = ({ target, type }: Event): void => {
    const card = target instanceof Element ? target.closest<SVGElement>('.card') : null
    const slug = type === 'pointerout' || type === 'focusout' ? undefined : card?.dataset.node
    figure.classList.toggle('highlighting', slug !== undefined)
    for (const edge of figure.querySelectorAll<SVGElement>('.edges path'))
      edge.classList.toggle('near', slug !== undefined && (edge.dataset.from === slug || edge.dataset.to === slug))
  }
  for (const type of ['pointerover', 'pointerout', 'focusin', 'focusout']) figure.addEventListener(type, highlight)
}
