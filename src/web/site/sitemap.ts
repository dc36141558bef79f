import { setImmediate as nextTurn } from 'node:timers/promises'
import { type Catalog, parseItems } from '../../catalog.ts'
import { Failure } from '../../errors.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import type { Item } from '../../model/curriculum.ts'
import { escapeAttribute } from '../../text/html.ts'
import { itemPages, itemPath, type NounWithPage } from '../page/links.ts'
import type { Site } from '../page/site.ts'
import { listTracks } from './track-list.ts'

/** The maximum number of URLs of a file (sitemaps.org/protocol.html). A URL takes less than 1 KB, so a file has less than the maximum of 50 MB. */
const maxUrls = 50_000

/** A page that search engines should list. */
interface Url {
  path: string
  updatedAt: string
  alternates?: readonly Item<'track'>[]
}

/** Renders the sitemap; if it has too many URLs for a file, the index of its parts, which are numbered from 1. */
export const sitemap = async (
  catalog: Catalog,
  site: Site,
  part: number | undefined,
  limit = maxUrls,
): Promise<RenderedResponse> => {
  const tracks = await listTracks(catalog)
  const sizes = await catalog.trackSizes()
  const countOf = (track: string) =>
    1 + nounsWithPage.reduce((sum, noun) => sum + (sizes.get(track)?.counts[noun] ?? 0), 0)
  const total = tracks.reduce((sum, { key }) => sum + countOf(key), 1)
  const parts = Math.ceil(total / limit)
  if (part === undefined && parts > 1) return xml('sitemapindex', partUrls(site, parts))
  if (part !== undefined && part > parts) throw new Failure('NOT_FOUND', `The sitemap has ${parts} parts.`)
  const from = ((part ?? 1) - 1) * limit
  const elements = from === 0 ? [urlElement(site, homeUrl(tracks))] : []
  let index = 1
  for (const track of tracks) {
    const count = countOf(track.key)
    if (index + count > from && index < from + limit) {
      const ofTrack = await trackUrls(catalog, track, tracks)
      for (const url of ofTrack.slice(Math.max(0, from - index), from + limit - index))
        elements.push(urlElement(site, url))
    }
    index += count
  }
  return xml('urlset', elements)
}

/** The number of items that are parsed at once, so that other requests are not blocked for long. */
const itemsPerTurn = 150

const nounsWithPage = Object.keys(itemPages) as NounWithPage[] // the keys of the table

const homeUrl = (tracks: readonly Item<'track'>[]): Url => ({
  path: '',
  updatedAt: latest(tracks.map(({ updatedAt }) => updatedAt)),
})

const latest = (times: readonly string[]): string => times.reduce((last, time) => (time > last ? time : last), '')

/** Returns the page of a track, then the pages of its items. */
const trackUrls = async (catalog: Catalog, track: Item<'track'>, tracks: readonly Item<'track'>[]): Promise<Url[]> => {
  const items: Url[] = []
  for (const noun of nounsWithPage)
    for (let after: string | undefined | null; after !== null; ) {
      const { data, more, cursorAfter } = await catalog.list(
        noun,
        { track: [track.key] },
        { limit: itemsPerTurn, sort: 'default', fields: ['slug', 'updatedAt'], after },
      )
      for (const { slug, updatedAt } of parseItems(data))
        items.push({ path: itemPath(track.key, noun, slug), updatedAt })
      after = more ? cursorAfter(data.length - 1) : null
      await nextTurn()
    }
  const translations = tracks.filter(other => originalOf(other) === originalOf(track))
  return [
    {
      path: `tracks/${track.key}`,
      updatedAt: latest([track.updatedAt, ...items.map(({ updatedAt }) => updatedAt)]),
      alternates: translations.length > 1 ? translations : [],
    },
    ...items,
  ]
}

/** Returns the key of the track that a track is a translation of, or its own. */
const originalOf = ({ key, translationOf }: Item<'track'>): string => translationOf ?? key

const urlElement = (site: Site, { path, updatedAt, alternates = [] }: Url): string =>
  `<url><loc>${absolute(site, path)}</loc>${updatedAt && `<lastmod>${updatedAt}</lastmod>`}${alternates
    .map(
      ({ key, language }) =>
        `<xhtml:link rel="alternate" hreflang="${language}" href="${absolute(site, `tracks/${key}`)}"/>`,
    )
    .join('')}</url>`

const partUrls = (site: Site, parts: number): string[] =>
  Array.from(
    { length: parts },
    (_, index) => `<sitemap><loc>${absolute(site, `sitemap.xml?part=${index + 1}`)}</loc></sitemap>`,
  )

const absolute = (site: Site, path: string): string => escapeAttribute(`${site.publicUrl()}/${path}`)

const xml = (root: 'urlset' | 'sitemapindex', elements: readonly string[]): RenderedResponse => ({
  type: 'application/xml; charset=utf-8',
  body: `<?xml version="1.0" encoding="UTF-8"?>
<${root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${elements.join('\n')}
</${root}>
`,
})

/** Renders the rules for crawlers: they find the sitemap, and need no search results. */
export const robots = (site: Site, readingNeedsKey: boolean): RenderedResponse => ({
  type: 'text/plain; charset=utf-8',
  body: readingNeedsKey
    ? 'User-agent: *\nDisallow: /\n'
    : `User-agent: *\nDisallow: ${new URL(site.publicUrl()).pathname.replace(/\/$/, '')}/search?\n\nSitemap: ${site.publicUrl()}/sitemap.xml\n`,
})
