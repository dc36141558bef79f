// biome-ignore-all format: made, not written
// biome-ignore-all lint: made, not written
// biome-ignore-all assist: made, not written
// Made by `npm run generate` from src/model/path.ts and src/web/browser; the next run overwrites what is changed here.
const tiers = ["beginner","intermediate","senior"]
const learningPath = (graph            , targets                   , known                     )             => {
  const needed = collectNeeded(graph, targets, withPrerequisites(graph, known))
  const unlocks = dependentsWithin(needed)
  const missing = new Map(
    [...needed].map(([key, skill]) => [key, skill.prerequisites.filter(one => needed.has(one)).length]),
  )
  const ready = createPriorityQueue(compareInOrder)
  for (const skill of needed.values()) if (missing.get(skill.key) === 0) ready.push(skill)
  const steps             = []
  for (let skill = ready.pop(); skill !== undefined; skill = ready.pop()) {
    const opened = unlocks.get(skill.key) ?? []
    steps.push({ key: skill.key, unlocks: opened.map(({ key }) => key) })
    for (const one of opened) {
      const left = (missing.get(one.key)          ) - 1 // every unlocked skill is among the needed ones
      missing.set(one.key, left)
      if (left === 0) ready.push(one)
    }
  }
  return steps
}
const nextSkills = (
  graph            ,
  learnt                     ,
  isOffered                                ,
)             => {
  const known = withPrerequisites(graph, learnt)
  const open = new Map([...graph].filter(([key]) => !known.has(key)))
  const unlocks = dependentsWithin(open)
  return [...open.values()]
    .filter(skill => isOffered(skill) && skill.prerequisites.every(key => known.has(key)))
    .map(skill => ({ skill, unlocks: unlocks.get(skill.key) ?? [] }))
    .sort((a, b) => b.unlocks.length - a.unlocks.length || compareInOrder(a.skill, b.skill))
    .map(({ skill, unlocks: opened }) => ({ key: skill.key, unlocks: opened.map(({ key }) => key) }))
}
const compareInOrder = (a            , b            )         =>
  tiers.indexOf(a.tier) - tiers.indexOf(b.tier) || a.order - b.order
const withPrerequisites = (graph            , known                     )              =>
  new Set(collectNeeded(graph, [...known], new Set()).keys())
const collectNeeded = (
  graph            ,
  targets                   ,
  known                     ,
)                          => {
  const needed = new Map                    ()
  const pending = [...targets]
  for (let key = pending.pop(); key !== undefined; key = pending.pop()) {
    const skill = graph.get(key)
    if (skill === undefined || known.has(key) || needed.has(key)) continue
    needed.set(key, skill)
    pending.push(...skill.prerequisites)
  }
  return needed
}
const dependentsWithin = (skills                                 )                            => {
  const dependents = new Map                      ()
  for (const skill of [...skills.values()].sort((a, b) => a.order - b.order))
    for (const key of skill.prerequisites) {
      const list = dependents.get(key)
      if (list === undefined) dependents.set(key, [skill])
      else list.push(skill)
    }
  return dependents
}
const createPriorityQueue =    (compare                        ) => {
  const heap      = []
  const less = (a        , b        )          => compare(heap[a]     , heap[b]     ) < 0 // both indices are within the heap
  const swap = (a        , b        )       => {
    ;[heap[a], heap[b]] = [heap[b]     , heap[a]     ] // as above
  }
  const sink = (at        )       => {
    let least = at
    for (const child of [2 * at + 1, 2 * at + 2]) if (child < heap.length && less(child, least)) least = child
    if (least === at) return
    swap(at, least)
    sink(least)
  }
  return {
    push: (item   )       => {
      heap.push(item)
      for (let at = heap.length - 1; at > 0 && less(at, (at - 1) >> 1); at = (at - 1) >> 1) swap(at, (at - 1) >> 1)
    },
    pop: ()                => {
      const top = heap[0]
      const last = heap.pop()
      if (heap.length > 0) {
        heap[0] = last      // the heap was not empty
        sink(0)
      }
      return top
    },
  }
}

const readAddress = (hash        )                            => {
  const entry = /^#((?:skill|category|project|plan|checklist|principle)-[a-z0-9-]+)$/.exec(hash)?.[1]
  if (entry !== undefined) return { entry }
  const target = /^#to=((?:project:)?[a-z0-9-]+)$/.exec(hash)?.[1]
  return target === undefined ? undefined : { target }
}

const normalizeText = (text        )         =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
const search = (skills                       , query        )                                       => {
  const typed = normalizeText(query).trim()
  const words = typed.split(/\s+/)
  const rank = ({ title }            )         => {
    if (title === typed) return 0
    if (title.startsWith(typed)) return 1
    return words.every(word => title.includes(word)) ? 2 : 3
  }
  return skills
    .filter(({ title, text }) => words.every(word => title.includes(word) || text.includes(word)))
    .map(skill => ({ slug: skill.slug, rank: rank(skill) }))
    .sort((a, b) => a.rank - b.rank)
    .map(({ slug, rank }) => ({ slug, inTitle: rank < 3 }))
}

const createStorage = (storage               , track        ) => {
  const name = `curriculum:${track}`
  return {
    name,
    read: ()                 => {
      try {
        const { known, target } = JSON.parse(storage().getItem(name) ?? '{}')
        return {
          known: Array.isArray(known) ? known.filter(one => typeof one === 'string') : [],
          target: typeof target === 'string' ? target : null,
        }
      } catch {
        return { known: [], target: null }
      }
    },
    write: (progress                )       => {
      try {
        storage().setItem(name, JSON.stringify(progress))
      } catch {
      }
    },
  }
}

const byId =                        (id        , kind             )    => {
  const found = document.getElementById(id)
  if (found instanceof kind) return found
  throw new Error(`the page has no ${id}`)
}
const element =                                        (
  name   ,
  attributes                         = {},
  ...content
)                           => {
  const created = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) created.setAttribute(attribute, value)
  created.append(...content)
  return created
}
const cloneChildren = (from                )         =>
  [...(from?.childNodes ?? [])].map(node => node.cloneNode(true))
const button = (kind        , text        , label        , onClick            )                    => {
  const created = element('button', { type: 'button', class: kind, 'aria-label': label }, text)
  created.addEventListener('click', onClick)
  return created
}

const readTrack = (page          ) => {
  const data           = JSON.parse(page.getElementById('data')?.textContent ?? '')
  const skills = data.skills.flatMap((skill)               => {
    const item = page.querySelector             (`[data-skill="${skill.slug}"]`)
    const link = item?.querySelector('a')
    if (!item || !link) return []
    const about = page.querySelectorAll(`#skill-${skill.slug} :is(.lead, .texts, .chips, .notes)`)
    const text = [...about].map(part => part.textContent).join(' ')
    return [{ ...skill, item, link, title: normalizeText(link.textContent), text: normalizeText(text) }]
  })
  const bySlug = new Map(skills.map(skill => [skill.slug, skill]))
  const graph             = new Map(
    skills.map(({ slug, tier, category, prerequisites }, order)                       => [
      slug,
      { key: slug, tier, category, order, prerequisites },
    ]),
  )
  const targetSkills = (target        )                       =>
    target.startsWith('project:')
      ? data.projects.find(({ slug }) => `project:${slug}` === target)?.skills
      : bySlug.has(target)
        ? [target]
        : undefined
  const linkTo = (slug        )       => {
    const link = page.createElement('a')
    link.href = `#skill-${slug}`
    const skill = bySlug.get(slug)
    if (skill) link.dataset.tier = skill.tier
    link.append(...cloneChildren(skill?.link ?? null))
    return link
  }
  return { ...data, skills, bySlug, graph, targetSkills, linkTo }
}

const addFilter = ({ skills, bySlug }             , onChange            , navigate                        ) => {
  const query = byId('search', HTMLInputElement)
  const matrix = byId('matrix', HTMLElement)
  const category = byId('category', HTMLSelectElement)
  const buttons = [...document.querySelectorAll                   ('.tiers button')]
  const selectedTiers = ()                         =>
    buttons.filter(one => one.getAttribute('aria-pressed') === 'true').map(one => one.dataset.tier)
  const isInSelection = ({ tier, category: of }                                    )          =>
    (selectedTiers().length === 0 || selectedTiers().includes(tier)) && (category.value === '' || category.value === of)
  const isSearching = ()          => query.value.trim() !== ''
  const matches = ()                                       =>
    (isSearching() ? search(skills, query.value) : skills.map(({ slug }) => ({ slug, inTitle: false }))).filter(
      ({ slug }) => {
        const skill = bySlug.get(slug)
        return skill !== undefined && isInSelection(skill)
      },
    )
  const show = ()       => {
    const shown = new Map(matches().map(({ slug, inTitle }) => [slug, inTitle]))
    for (const { slug, item } of skills) {
      item.classList.toggle('filtered', !shown.has(slug))
      item.classList.toggle('hit', shown.get(slug) ?? false)
    }
    for (const part of matrix.querySelectorAll             ('.cell, .column'))
      part.classList.toggle('filtered', selectedTiers().length > 0 && !selectedTiers().includes(part.dataset.tier))
    for (const cell of matrix.querySelectorAll('.cell'))
      cell.classList.toggle('none', cell.querySelector('[data-skill]:not(.filtered)') === null)
    for (const row of matrix.querySelectorAll('.row'))
      row.classList.toggle('filtered', row.querySelector('[data-skill]:not(.filtered)') === null)
    matrix.dataset.shown = String(selectedTiers().length || buttons.length)
    document.body.classList.toggle('filtering', shown.size < skills.length)
    byId('nothing', HTMLElement).hidden = shown.size > 0
    byId('shown', HTMLElement).textContent =
      shown.size === skills.length ? '' : `${shown.size} of ${skills.length} skills`
    onChange()
  }
  const clear = ()       => {
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

const addPanel = (content              ) => {
  const panel = byId('panel', HTMLDialogElement)
  const narrow = matchMedia('(max-width: 79.99em)')
  let opener                 = null
  const updateInert = ()       => {
    for (const under of document.querySelectorAll             ('.learning')) under.inert = panel.open
  }
  const open = (id        )          => {
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
  const close = (last                    )       => {
    if (!panel.open) return
    panel.close()
    updateInert()
    const link = last === undefined ? null : document.querySelector             (`main .desk a[href="#${last}"]`)
    const back = opener instanceof HTMLElement && opener !== document.body && opener.checkVisibility() ? opener : link
    back?.focus()
    opener = null
  }
  panel.addEventListener('cancel', event => event.preventDefault())
  document.addEventListener('keydown', event => {
    if (event.key === 'Escape' && panel.open) content.onClose()
  })
  panel.addEventListener('click', event => {
    if (event.target === panel && panel.matches(':modal') && isOutside(panel, event)) content.onClose()
  })
  narrow.addEventListener('change', () => {
    if (!panel.open) return
    panel.close()
    narrow.matches ? panel.showModal() : panel.show()
    updateInert()
  })
  return { open, close }
}
const isOutside = (panel             , { clientX, clientY }            )          => {
  const { left, right, top, bottom } = panel.getBoundingClientRect()
  return clientX < left || clientX > right || clientY < top || clientY > bottom
}
const buildTitle = ({ previousElementSibling: named }         )              =>
  element(
    'h2',
    { id: 'panel-title', tabindex: '-1', dir: 'auto' },
    ...cloneChildren(named?.querySelector('.title') ?? named),
  )
const buildBody = (entry         )              => {
  const body = element('div', { class: 'entry' }, ...cloneChildren(entry))
  for (const old of body.querySelectorAll('h3, h4, h5, h6'))
    old.replaceWith(element(old.matches('h6') ? 'h4' : 'h3', {}, ...cloneChildren(old)))
  return body
}

const addTicks = ({ skills, tiers }             , known             , onChange            ) => {
  const boxes = new Map                            ()
  const createBox = (skill            , text        , hidden         )              => {
    const input = element('input', { type: 'checkbox' })
    input.checked = known.has(skill.slug)
    input.addEventListener('change', () => {
      if (input.checked) known.add(skill.slug)
      else known.delete(skill.slug)
      show()
      onChange()
    })
    boxes.set(skill.slug, [...(boxes.get(skill.slug) ?? []).filter(one => one.isConnected), input])
    return element('label', { class: 'tick' }, input, element('span', hidden ? { class: 'unseen' } : {}, text))
  }
  const show = ()       => {
    for (const { slug, item } of skills) {
      for (const input of boxes.get(slug) ?? []) input.checked = known.has(slug)
      item.classList.toggle('known', known.has(slug))
    }
    byId('known', HTMLElement).textContent = `${known.size} of ${skills.length} skills`
    byId('progress', HTMLProgressElement).value = known.size
    byId('forget', HTMLElement).hidden = known.size === 0
    for (const { tier } of tiers) {
      const count = document.querySelector(`.column[data-tier="${tier}"] .count`)
      const ofTier = skills.filter(skill => skill.tier === tier)
      if (count) count.textContent = `${ofTier.filter(({ slug }) => known.has(slug)).length} / ${ofTier.length}`
    }
  }
  for (const skill of skills) skill.item.prepend(createBox(skill, `I know ${skill.link.textContent}`, true))
  for (const column of document.querySelectorAll('.column')) column.append(' ', element('span', { class: 'count' }))
  byId('forget', HTMLElement).addEventListener('click', () => {
    if (!confirm('Untick everything you have ticked on this page?')) return
    known.clear()
    show()
    onChange()
  })
  show()
  return { show, createPanelBox: (skill            ) => createBox(skill, 'I know this', false) }
}

const maxNextSkills = 6
const addPath = (
  { skills, graph, bySlug, targetSkills, linkTo }             ,
  known                     ,
  isInSelection                                                        ,
) => {
  const target = byId('target', HTMLSelectElement)
  const list = byId('way', HTMLElement)
  const next = byId('next', HTMLElement)
  const show = ()       => {
    const targetSlugs = targetSkills(target.value)
    const steps = learningPath(graph, targetSlugs ?? [], known).map(({ key }) => key)
    const places = new Map(steps.map((slug, index) => [slug, index + 1]))
    document.body.classList.toggle('on-the-way', steps.length > 0)
    for (const old of document.querySelectorAll('.matrix .step')) old.remove()
    for (const { slug, item } of skills) {
      const place = places.get(slug)
      item.classList.toggle('on-way', place !== undefined)
      item.classList.toggle('goal', place !== undefined && (targetSlugs?.includes(slug) ?? false))
      if (place === undefined) continue
      item.append(element('span', { class: 'step' }, element('span', { class: 'unseen' }, 'step '), String(place)))
    }
    byId('way-length', HTMLElement).textContent = pathSummary(targetSlugs, steps.length)
    list.replaceChildren(...steps.map(slug => element('li', {}, linkTo(slug))))
    next.replaceChildren(...startableItems())
  }
  const startableItems = ()         => {
    const found = nextSkills(graph, known, isInSelection)
    const lines = found
      .slice(0, maxNextSkills)
      .map(({ key, unlocks }) =>
        element(
          'li',
          {},
          linkTo(key),
          ...(unlocks.length === 0 ? [] : [' ', element('small', {}, `opens ${unlocks.length}`)]),
        ),
      )
    if (found.length === 0)
      return [element('li', {}, known.size === skills.length ? 'Nothing is left.' : 'Nothing among these yet.')]
    const more = found.length - maxNextSkills
    return more > 0 ? [...lines, element('li', { class: 'more' }, `and ${more} more`)] : lines
  }
  const choose = (name        )          => {
    target.value = targetSkills(name) === undefined ? '' : name
    show()
    return target.value !== ''
  }
  const stepLabel = (slug        )                     => {
    const index = [...list.children].findIndex(item => item.querySelector(`a[href="#skill-${slug}"]`))
    return index < 0 ? undefined : `Step ${index + 1} of ${list.children.length}`
  }
  const neighbours = (slug        )                                                            => {
    const pathSlugs = [...list.querySelectorAll('a')].map(({ hash }) => hash.replace('#skill-', ''))
    const order = pathSlugs.includes(slug) ? pathSlugs : [...bySlug.keys()]
    const at = order.indexOf(slug)
    return { before: order[at - 1], after: order[at + 1] }
  }
  return { show, choose, target, placeOf: stepLabel, neighbours }
}
const pathSummary = (wanted                      , steps        )         => {
  if (wanted === undefined) return ''
  if (steps === 0) return 'You know all it takes.'
  return steps === 1 ? 'One skill to learn.' : `${steps} skills, in this order:`
}

document.documentElement.classList.add('with-script')
for (const part of document.querySelectorAll             ('.script-only')) part.hidden = false
const track = readTrack(document)
const storage = createStorage(() => localStorage, track.track)
const known = new Set        ()
const loadKnown = ()       => {
  const ids = new Set(storage.read().known)
  known.clear()
  for (const { id, slug } of track.skills) if (ids.has(id)) known.add(slug)
}
loadKnown()
const save = ()       => {
  const ids = track.skills.filter(({ slug }) => known.has(slug)).map(({ id }) => id)
  storage.write({ known: ids, target: pathView.target.value || null })
}
const ticks = addTicks(track, known, () => {
  save()
  pathView.show()
})
const filter = addFilter(
  track,
  () => pathView.show(),
  hash => navigate(hash),
)
const pathView = addPath(track, known, filter.offered)
pathView.choose(storage.read().target ?? '')
pathView.target.addEventListener('change', () => {
  pathView.show()
  save()
})
const skillOfEntry = (id        ) => track.bySlug.get(id.replace(/^skill-/, ''))
const panel = addPanel({
  onClose: () => navigate(''),
  where: id => {
    const skill = id.startsWith('skill-') ? skillOfEntry(id) : undefined
    if (skill === undefined) return []
    const tier = track.tiers.find(one => one.tier === skill.tier)
    const category = document.querySelector(`[data-category="${skill.category}"] h3`)?.textContent ?? ''
    const place = pathView.placeOf(skill.slug)
    return [
      element(
        'p',
        { class: 'where', 'data-tier': skill.tier },
        [tier?.title, category, place].filter(Boolean).join(' · '),
      ),
    ]
  },
  controls: id => {
    const skill = id.startsWith('skill-') ? skillOfEntry(id) : undefined
    const target = skill?.slug ?? id.replace(/^project-/, 'project:')
    if (!track.targetSkills(target)?.length) return []
    const show = button('wanted', 'Show the way', 'Show the way', () => navigate(`#to=${target}`))
    if (skill === undefined) return [element('div', { class: 'controls' }, show)]
    const { before, after } = pathView.neighbours(skill.slug)
    const step = (slug                    , sign        , label        ) => {
      const arrow = button('go', sign, label, () => navigate(`#skill-${slug}`))
      arrow.disabled = slug === undefined
      return arrow
    }
    return [
      element(
        'div',
        { class: 'controls' },
        ticks.createPanelBox(skill),
        show,
        step(before, '←', 'The skill before'),
        step(after, '→', 'The skill after'),
      ),
    ]
  },
})
let shownEntry
const showAddress = ()       => {
  const request = readAddress(location.hash)
  if (request && 'target' in request && pathView.choose(request.target)) save()
  const entry = request && 'entry' in request ? request.entry : undefined
  for (const old of document.querySelectorAll('.desk [aria-current]')) old.removeAttribute('aria-current')
  if (entry !== undefined && panel.open(entry)) {
    shownEntry = entry
    document.querySelector(`.matrix a[href="#${entry}"]`)?.setAttribute('aria-current', 'true')
  } else panel.close(shownEntry)
}
const navigate = (hash        )       => {
  history.pushState(null, '', hash === '' ? location.pathname + location.search : hash)
  showAddress()
}
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest                   ('a[href^="#"]') : null
  if (!link || !readAddress(link.hash) || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  if (link.hash !== location.hash) navigate(link.hash)
})
addEventListener('popstate', showAddress)
addEventListener('storage', ({ key }) => {
  if (key !== storage.name) return
  loadKnown()
  ticks.show()
  pathView.show()
})
let unfolded                       = []
addEventListener('beforeprint', () => {
  unfolded = [...document.querySelectorAll                    ('details:not([open])')]
  for (const one of unfolded) one.open = true
})
addEventListener('afterprint', () => {
  for (const one of unfolded) one.open = false
})
showAddress()
