import { element } from './elements.ts'

/** The elements of a combobox (ARIA Authoring Practices Guide, editable combobox with list autocomplete). */
interface Elements {
  input: HTMLInputElement
  list: HTMLElement
  status: HTMLElement
}

/** An option: its content, and the effect of its choice. */
export interface Option {
  content: (Node | string)[]
  choose(): void
}

/** Offers the options for what was typed. Enter chooses the selected option, otherwise the first one. */
export const addCombobox = (
  { input, list, status }: Elements,
  { find, describe }: { find(query: string): Option[]; describe(count: number): string },
): void => {
  let options: Option[] = []
  let selected = -1

  const select = (index: number): void => {
    selected = index
    for (const [at, option] of [...list.children].entries()) option.setAttribute('aria-selected', String(at === index))
    const option = list.children[index]
    option?.scrollIntoView({ block: 'nearest' })
    if (option) input.setAttribute('aria-activedescendant', option.id)
    else input.removeAttribute('aria-activedescendant')
  }

  const show = (shown: Option[]): void => {
    options = shown
    list.replaceChildren(
      ...shown.map(({ content }, index) =>
        element('li', { role: 'option', id: `${list.id}-${index}`, dir: 'auto', 'aria-selected': 'false' }, ...content),
      ),
    )
    list.hidden = shown.length === 0
    input.setAttribute('aria-expanded', String(shown.length > 0))
    select(-1)
  }

  const hide = (): void => {
    show([])
    status.textContent = ''
  }

  const update = (): void => {
    const query = input.value.trim()
    show(query === '' ? [] : find(query))
    status.textContent = query === '' ? '' : describe(options.length)
    if (query !== '') (list.hidden ? status : list).scrollIntoView({ block: 'nearest' })
  }

  input.setAttribute('role', 'combobox')
  input.setAttribute('aria-autocomplete', 'list')
  input.setAttribute('aria-controls', list.id)
  input.setAttribute('aria-expanded', 'false')
  input.addEventListener('input', update)
  input.addEventListener('blur', hide)
  input.addEventListener('keydown', event => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0
    if (event.key === 'Escape' && !list.hidden) {
      event.preventDefault()
      event.stopPropagation()
      hide()
    } else if (step !== 0) {
      event.preventDefault()
      if (list.hidden) update()
      const count = options.length
      if (count > 0) select(selected < 0 ? (step > 0 ? 0 : count - 1) : (selected + step + count) % count)
    }
  })
  input.form?.addEventListener('submit', event => {
    if (list.hidden) update()
    const option = options[Math.max(selected, 0)]
    if (option === undefined) return
    event.preventDefault()
    hide()
    option.choose()
  })
  list.addEventListener('mousedown', event => event.preventDefault()) // The focus stays in the input.
  list.addEventListener('click', ({ target }) => {
    const option = target instanceof Element ? target.closest('[role=option]') : null
    const chosen = option ? options[[...list.children].indexOf(option)] : undefined
    hide()
    chosen?.choose()
  })
}
