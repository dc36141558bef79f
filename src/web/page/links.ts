import { slugOf, trackOf } from '../../model/keys.ts'
import type { Noun } from '../../model/vocabulary.ts'

/** Builds the links of a page. Links to the service are relative, so that it works under any prefix of a proxy. */
export interface Links {
  /** Returns the URL of a path of the service, such as `tracks/python`; `''` is the home page. */
  to(path: string): string
  /** Returns the URL of an item of the track: its page, or its place on the page of the track. */
  toItem(noun: Noun, slug: string): string
}

/** The nouns whose items have a page of their own, with its folder. */
export const itemPages = { skill: 'skills', project: 'projects', exercise: 'exercises' } as const
export type NounWithPage = keyof typeof itemPages

export const hasPage = (noun: Noun): noun is NounWithPage => noun in itemPages

/** Returns the path of the page of an item. */
export const itemPath = (track: string, noun: NounWithPage, slug: string): string =>
  `tracks/${track}/${itemPages[noun]}/${slug}`

/** Returns the id of an item's element on the page of its track, which a fragment refers to. */
export const anchorOf = (noun: Noun, slug: string): string => `${noun}-${slug}`

/** Builds the links of the page at a path of the service. In a frame, links stay in it. */
export const createLinks = (path: string, track: string | undefined, embedded = false): Links => {
  const up = '../'.repeat(path.split('/').length - 1)
  const to = (target: string): string => {
    const [pathname = '', fragment] = target.split('#')
    const parameter = embedded ? `${pathname.includes('?') ? '&' : '?'}embed=1` : ''
    return `${`${up}${pathname}` || './'}${parameter}${fragment === undefined ? '' : `#${fragment}`}`
  }
  return {
    to,
    toItem: (noun, slug) =>
      to(hasPage(noun) ? itemPath(`${track}`, noun, slug) : `tracks/${track}#${anchorOf(noun, slug)}`),
  }
}

/** Returns the URL of an item of any track on the page at a path. */
export const urlOfItem = (path: string, noun: Noun, key: string, embedded = false): string => {
  const links = createLinks(path, trackOf(key), embedded)
  return noun === 'track' ? links.to(`tracks/${key}`) : links.toItem(noun, slugOf(key))
}

/** The links of a file that holds the whole track. */
export const linksInFile: Links = {
  to: path => path,
  toItem: (noun, slug) => `#${anchorOf(noun, slug)}`,
}
