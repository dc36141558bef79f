import { byId } from './elements.ts'
import { search } from './search.ts'
import type { TrackOnPage } from './track.ts'

/** Filters the matrix by search text, tiers and category. */
export const addFilter = ({ skills, bySlug }: TrackOnPage, onChange: () => void, navigate: (hash: string) => void) => {
  const query = byId('search', HTMLInputElement)
  const matrix = byId('matrix', HTMLElement)
  const category = byId('category', HTMLSelectElement)
  const buttons = [...document.querySelectorAll<HTMLButtonElement>('.tiers button')]
  const selectedTiers = (): (string | undefined)[] =>
    buttons.filter(one => one.getAttribute('aria-pressed') === 'true').map(one => one.dataset.tier)

  const rows = new Map(
    [...matrix.querySelectorAll<HTMLElement>('.row')].map(row => {
      const { category: slug = '', above } = row.dataset
      return [slug, { row, withAbove: [slug, ...(above?.split(' ') ?? [])] }]
    }),
  )

  /** A category includes those below it. */
  const isInSelection = ({ tier, category: of }: { tier: string; category: string }): boolean =>
    (selectedTiers().length === 0 || selectedTiers().includes(tier)) &&
    (category.value === '' || (rows.get(of)?.withAbove.includes(category.value) ?? false))

  const isSearching = (): boolean => query.value.trim() !== ''

  const matches = (): { slug: string; inTitle: boolean }[] =>
    (isSearching() ? search(skills, query.value) : skills.map(({ slug }) => ({ slug, inTitle: false }))).filter(
      ({ slug }) => {
        const skill = bySlug.get(slug)
        return skill !== undefined && isInSelection(skill)
      },
    )

  const show = (): void => {
    const shown = new Map(matches().map(({ slug, inTitle }) => [slug, inTitle]))
    for (const { slug, item } of skills) {
      item.classList.toggle('filtered', !shown.has(slug))
      item.classList.toggle('hit', shown.get(slug) ?? false)
    }
    for (const part of matrix.querySelectorAll<HTMLElement>('.cell, .column'))
      part.classList.toggle('filtered', selectedTiers().length > 0 && !selectedTiers().includes(part.dataset.tier))
    for (const cell of matrix.querySelectorAll('.cell'))
      cell.classList.toggle('none', cell.querySelector('[data-skill]:not(.filtered)') === null)
    const shownRows = new Set(
      [...rows.values()].flatMap(({ row, withAbove }) =>
        row.querySelector('[data-skill]:not(.filtered)') === null ? [] : withAbove,
      ),
    )
    for (const [slug, { row }] of rows) row.classList.toggle('filtered', !shownRows.has(slug))
    matrix.dataset.shown = String(selectedTiers().length || buttons.length)
    document.body.classList.toggle('filtering', shown.size < skills.length)
    byId('nothing', HTMLElement).hidden = shown.size > 0
    byId('shown', HTMLElement).textContent =
      shown.size === skills.length ? '' : `${shown.size} of ${skills.length} skills`
    onChange()
  }

  const clear = (): void => {
    query.value = ''
    category.value = ''
    for (const button of buttons) button.setAttribute('aria-pressed', 'false')
    show()
  }

  query.addEventListener('input', show)
  category.addEventListener('change', show)
  for (const button of buttons)
    button.addEventListener('click', () => {
      button.setAttribute('aria-pressed', String(button.getAttribute('aria-pressed') !== 'true'))
      show()
    })
  byId('clear', HTMLElement).addEventListener('click', () => {
    clear()
    query.focus()
  })
  query.form?.addEventListener('submit', event => {
    event.preventDefault()
    const [best] = matches()
    if (best !== undefined && isSearching()) navigate(`#skill-${best.slug}`)
  })
  document.addEventListener('keydown', event => {
    const typing =
      event.target instanceof HTMLElement && event.target.closest('input:not([type=checkbox]), select, dialog')
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    query.focus()
  })
  return { offered: isInSelection }
}
