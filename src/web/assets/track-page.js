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

const readAddress = (hash        )                    => {
  const entry = /^#((?:skill|category|project|plan|checklist|principle)-[a-z0-9-]+)$/.exec(hash)?.[1]
  if (entry !== undefined) return { entry }
  const target = /^#to=((?:project:)?[a-z0-9-]+)$/.exec(hash)?.[1]
  return target === undefined ? undefined : { target }
}

const folded = (text        )         =>
  text
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
const search = (skills                       , query        )                                       => {
  const typed = folded(query).trim()
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

const keptIn = (storage               , track        ) => {
  const name = `curriculum:${track}`
  return {
    name,
    read: ()       => {
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
    write: (kept      )       => {
      try {
        storage().setItem(name, JSON.stringify(kept))
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
  const made = document.createElement(name)
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value)
  made.append(...content)
  return made
}
const copied = (from                )         => [...(from?.childNodes ?? [])].map(node => node.cloneNode(true))
const button = (kind        , text        , label        , pressed            )                    => {
  const made = element('button', { type: 'button', class: kind, 'aria-label': label }, text)
  made.addEventListener('click', pressed)
  return made
}

const trackOn = (page          ) => {
  const data           = JSON.parse(page.getElementById('data')?.textContent ?? '')
  const skills = data.skills.flatMap((skill)          => {
    const item = page.querySelector             (`[data-skill="${skill.slug}"]`)
    const link = item?.querySelector('a')
    if (!item || !link) return []
    const about = page.querySelectorAll(`#skill-${skill.slug} :is(.lead, .texts, .chips, .notes)`)
    const text = [...about].map(part => part.textContent).join(' ')
    return [{ ...skill, item, link, title: folded(link.textContent), text: folded(text) }]
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
    link.append(...copied(skill?.link ?? null))
    return link
  }
  return { ...data, skills, bySlug, graph, targetSkills, linkTo }
}

const addFilter = ({ skills, bySlug }             , changed            , go                        ) => {
  const query = byId('search', HTMLInputElement)
  const matrix = byId('matrix', HTMLElement)
  const category = byId('category', HTMLSelectElement)
  const buttons = [...document.querySelectorAll                   ('.tiers button')]
  const chosen = ()                         =>
    buttons.filter(one => one.getAttribute('aria-pressed') === 'true').map(one => one.dataset.tier)
  const offered = ({ tier, category: of }                                    )          =>
    (chosen().length === 0 || chosen().includes(tier)) && (category.value === '' || category.value === of)
  const searching = ()          => query.value.trim() !== ''
  const found = ()                                       =>
    (searching() ? search(skills, query.value) : skills.map(({ slug }) => ({ slug, inTitle: false }))).filter(
      ({ slug }) => {
        const skill = bySlug.get(slug)
        return skill !== undefined && offered(skill)
      },
    )
  const show = ()       => {
    const shown = new Map(found().map(({ slug, inTitle }) => [slug, inTitle]))
    for (const { slug, item } of skills) {
      item.classList.toggle('filtered', !shown.has(slug))
      item.classList.toggle('hit', shown.get(slug) ?? false)
    }
    for (const part of matrix.querySelectorAll             ('.cell, .column'))
      part.classList.toggle('filtered', chosen().length > 0 && !chosen().includes(part.dataset.tier))
    for (const cell of matrix.querySelectorAll('.cell'))
      cell.classList.toggle('none', cell.querySelector('[data-skill]:not(.filtered)') === null)
    for (const row of matrix.querySelectorAll('.row'))
      row.classList.toggle('filtered', row.querySelector('[data-skill]:not(.filtered)') === null)
    matrix.dataset.shown = String(chosen().length || buttons.length)
    document.body.classList.toggle('filtering', shown.size < skills.length)
    byId('nothing', HTMLElement).hidden = shown.size > 0
    byId('shown', HTMLElement).textContent =
      shown.size === skills.length ? '' : `${shown.size} of ${skills.length} skills`
    changed()
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
    const [best] = found()
    if (best !== undefined && searching()) go(`#skill-${best.slug}`)
  })
  document.addEventListener('keydown', event => {
    const typing =
      event.target instanceof HTMLElement && event.target.closest('input:not([type=checkbox]), select, dialog')
    if (event.key !== '/' || typing || event.ctrlKey || event.metaKey || event.altKey) return
    event.preventDefault()
    query.focus()
  })
  return { offered }
}

const addPanel = (around        ) => {
  const panel = byId('panel', HTMLDialogElement)
  const narrow = matchMedia('(max-width: 79.99em)')
  let opener                 = null
  const cover = ()       => {
    for (const under of document.querySelectorAll             ('.learning')) under.inert = panel.open
  }
  const open = (id        )          => {
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
  const close = (last                    )       => {
    if (!panel.open) return
    panel.close()
    cover()
    const link = last === undefined ? null : document.querySelector             (`main .desk a[href="#${last}"]`)
    const back = opener instanceof HTMLElement && opener !== document.body && opener.checkVisibility() ? opener : link
    back?.focus()
    opener = null
  }
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
const outside = (panel             , { clientX, clientY }            )          => {
  const { left, right, top, bottom } = panel.getBoundingClientRect()
  return clientX < left || clientX > right || clientY < top || clientY > bottom
}
const titleOf = ({ previousElementSibling: named }         )              =>
  element('h2', { id: 'panel-title', tabindex: '-1', dir: 'auto' }, ...copied(named?.querySelector('.title') ?? named))
const bodyOf = (entry         )              => {
  const body = element('div', { class: 'entry' }, ...copied(entry))
  for (const old of body.querySelectorAll('h3, h4, h5, h6'))
    old.replaceWith(element(old.matches('h6') ? 'h4' : 'h3', {}, ...copied(old)))
  return body
}

const addTicks = ({ skills, tiers }             , known             , changed            ) => {
  const boxes = new Map                            ()
  const box = (skill       , text        , hidden         )              => {
    const input = element('input', { type: 'checkbox' })
    input.checked = known.has(skill.slug)
    input.addEventListener('change', () => {
      if (input.checked) known.add(skill.slug)
      else known.delete(skill.slug)
      show()
      changed()
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
      const of = skills.filter(skill => skill.tier === tier)
      if (count) count.textContent = `${of.filter(({ slug }) => known.has(slug)).length} / ${of.length}`
    }
  }
  for (const skill of skills) skill.item.prepend(box(skill, `I know ${skill.link.textContent}`, true))
  for (const column of document.querySelectorAll('.column')) column.append(' ', element('span', { class: 'count' }))
  byId('forget', HTMLElement).addEventListener('click', () => {
    if (!confirm('Untick everything you have ticked on this page?')) return
    known.clear()
    show()
    changed()
  })
  show()
  return { show, boxInPanel: (skill       ) => box(skill, 'I know this', false) }
}

const nextShown = 6
const addWay = (
  { skills, graph, bySlug, targetSkills, linkTo }             ,
  known                     ,
  offered                                                        ,
) => {
  const target = byId('target', HTMLSelectElement)
  const list = byId('way', HTMLElement)
  const next = byId('next', HTMLElement)
  const show = ()       => {
    const wanted = targetSkills(target.value)
    const steps = learningPath(graph, wanted ?? [], known).map(({ key }) => key)
    const places = new Map(steps.map((slug, index) => [slug, index + 1]))
    document.body.classList.toggle('on-the-way', steps.length > 0)
    for (const old of document.querySelectorAll('.matrix .step')) old.remove()
    for (const { slug, item } of skills) {
      const place = places.get(slug)
      item.classList.toggle('on-way', place !== undefined)
      item.classList.toggle('goal', place !== undefined && (wanted?.includes(slug) ?? false))
      if (place === undefined) continue
      item.append(element('span', { class: 'step' }, element('span', { class: 'unseen' }, 'step '), String(place)))
    }
    byId('way-length', HTMLElement).textContent = sentence(wanted, steps.length)
    list.replaceChildren(...steps.map(slug => element('li', {}, linkTo(slug))))
    next.replaceChildren(...startable())
  }
  const startable = ()         => {
    const found = nextSkills(graph, known, offered)
    const lines = found
      .slice(0, nextShown)
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
    const more = found.length - nextShown
    return more > 0 ? [...lines, element('li', { class: 'more' }, `and ${more} more`)] : lines
  }
  const choose = (name        )          => {
    target.value = targetSkills(name) === undefined ? '' : name
    show()
    return target.value !== ''
  }
  const placeOf = (slug        )                     => {
    const index = [...list.children].findIndex(item => item.querySelector(`a[href="#skill-${slug}"]`))
    return index < 0 ? undefined : `Step ${index + 1} of ${list.children.length}`
  }
  const neighbours = (slug        )                                                            => {
    const onWay = [...list.querySelectorAll('a')].map(({ hash }) => hash.replace('#skill-', ''))
    const order = onWay.includes(slug) ? onWay : [...bySlug.keys()]
    const at = order.indexOf(slug)
    return { before: order[at - 1], after: order[at + 1] }
  }
  return { show, choose, target, placeOf, neighbours }
}
const sentence = (wanted                      , steps        )         => {
  if (wanted === undefined) return ''
  if (steps === 0) return 'You know all it takes.'
  return steps === 1 ? 'One skill to learn.' : `${steps} skills, in this order:`
}

document.documentElement.classList.add('with-script')
for (const part of document.querySelectorAll             ('.script-only')) part.hidden = false
const track = trackOn(document)
const kept = keptIn(() => localStorage, track.track)
const known = new Set        ()
const learn = ()       => {
  const ids = new Set(kept.read().known)
  known.clear()
  for (const { id, slug } of track.skills) if (ids.has(id)) known.add(slug)
}
learn()
const keep = ()       => {
  const ids = track.skills.filter(({ slug }) => known.has(slug)).map(({ id }) => id)
  kept.write({ known: ids, target: way.target.value || null })
}
const ticks = addTicks(track, known, () => {
  keep()
  way.show()
})
const filter = addFilter(
  track,
  () => way.show(),
  hash => go(hash),
)
const way = addWay(track, known, filter.offered)
way.choose(kept.read().target ?? '')
way.target.addEventListener('change', () => {
  way.show()
  keep()
})
const skillOf = (id        ) => track.bySlug.get(id.replace(/^skill-/, ''))
const panel = addPanel({
  leave: () => go(''),
  where: id => {
    const skill = id.startsWith('skill-') ? skillOf(id) : undefined
    if (skill === undefined) return []
    const tier = track.tiers.find(one => one.tier === skill.tier)
    const category = document.querySelector(`[data-category="${skill.category}"] h3`)?.textContent ?? ''
    const place = way.placeOf(skill.slug)
    return [
      element(
        'p',
        { class: 'where', 'data-tier': skill.tier },
        [tier?.title, category, place].filter(Boolean).join(' · '),
      ),
    ]
  },
  controls: id => {
    const skill = id.startsWith('skill-') ? skillOf(id) : undefined
    const target = skill?.slug ?? id.replace(/^project-/, 'project:')
    if (!track.targetSkills(target)?.length) return []
    const show = button('wanted', 'Show the way', 'Show the way', () => go(`#to=${target}`))
    if (skill === undefined) return [element('div', { class: 'controls' }, show)]
    const { before, after } = way.neighbours(skill.slug)
    const step = (slug                    , sign        , label        ) => {
      const made = button('go', sign, label, () => go(`#skill-${slug}`))
      made.disabled = slug === undefined
      return made
    }
    return [
      element(
        'div',
        { class: 'controls' },
        ticks.boxInPanel(skill),
        show,
        step(before, '←', 'The skill before'),
        step(after, '→', 'The skill after'),
      ),
    ]
  },
})
let shown
const follow = ()       => {
  const asked = readAddress(location.hash)
  if (asked && 'target' in asked && way.choose(asked.target)) keep()
  const entry = asked && 'entry' in asked ? asked.entry : undefined
  for (const old of document.querySelectorAll('.desk [aria-current]')) old.removeAttribute('aria-current')
  if (entry !== undefined && panel.open(entry)) {
    shown = entry
    document.querySelector(`.matrix a[href="#${entry}"]`)?.setAttribute('aria-current', 'true')
  } else panel.close(shown)
}
const go = (hash        )       => {
  history.pushState(null, '', hash === '' ? location.pathname + location.search : hash)
  follow()
}
document.addEventListener('click', event => {
  const link = event.target instanceof Element ? event.target.closest                   ('a[href^="#"]') : null
  if (!link || !readAddress(link.hash) || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  if (link.hash !== location.hash) go(link.hash)
})
addEventListener('popstate', follow)
addEventListener('storage', ({ key }) => {
  if (key !== kept.name) return
  learn()
  ticks.show()
  way.show()
})
let unfolded                       = []
addEventListener('beforeprint', () => {
  unfolded = [...document.querySelectorAll                    ('details:not([open])')]
  for (const one of unfolded) one.open = true
})
addEventListener('afterprint', () => {
  for (const one of unfolded) one.open = false
})
follow()
