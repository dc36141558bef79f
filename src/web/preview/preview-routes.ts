import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { type Catalog, parseItem } from '../../catalog.ts'
import { nounNotFound } from '../../http/not-found.ts'
import { redirectTo } from '../../http/redirect.ts'
import { toCachedResponse } from '../../http/rendered-response.ts'
import { sendResponse } from '../../http/send-response.ts'
import type { Item } from '../../model/curriculum.ts'
import { keyOf, slugOf, trackOf } from '../../model/keys.ts'
import type { Tier } from '../../model/vocabulary.ts'
import { plainText } from '../../text/html.ts'
import { formatPlural, type Messages, messagesFor } from '../messages/messages.ts'
import { currentKey } from '../page/current-key.ts'
import { itemPages, itemPath, type NounWithPage } from '../page/links.ts'
import type { Site } from '../page/site.ts'
import { type Preview, previewSvg } from './preview-image.ts'
import { createRasterizer } from './rasterizer.ts'

type TrackRequest = FastifyRequest<{ Params: { ref: string } }>
type ItemRequest = FastifyRequest<{ Params: { ref: string; slug: string } }>

/** Adds the pictures for link previews: of the home page, of each track, and of each skill, project and exercise. */
export const addPreviewImages = (app: FastifyInstance, catalog: Catalog, site: Site, readingNeedsKey = false): void => {
  const rasterizer = createRasterizer()
  app.addHook('onClose', () => rasterizer.close())
  const send = async (request: FastifyRequest, reply: FastifyReply, preview: Preview): Promise<FastifyReply> => {
    const body = await rasterizer.toPng(previewSvg(site, preview))
    return sendResponse(request, reply, toCachedResponse({ body, type: 'image/png', compressed: true, headers }, null))
  }
  app.get('/site.png', async (request, reply) =>
    send(request, reply, readingNeedsKey ? namePreview(site) : await homePreview(catalog, site)),
  )
  app.get('/tracks/:ref.png', async (request: TrackRequest, reply) => {
    const { ref } = request.params
    const key = await currentKey(catalog, 'track', ref)
    return key === ref
      ? send(request, reply, await trackPreview(catalog, key))
      : redirectTo(request, reply, `/tracks/${key}.png`)
  })
  for (const noun of Object.keys(itemPages) as NounWithPage[]) // the keys of the table
    app.get(`/tracks/:ref/${itemPages[noun]}/:slug.png`, async (request: ItemRequest, reply) => {
      const { ref, slug } = request.params
      const key = await currentKey(catalog, noun, keyOf(await currentKey(catalog, 'track', ref), slug))
      return key === keyOf(ref, slug)
        ? send(request, reply, await itemPreview(catalog, noun, key))
        : redirectTo(request, reply, `/${itemPath(trackOf(key), noun, slugOf(key))}.png`)
    })
}

/** Programs that show previews fetch a picture once; an hour later a new title may be drawn. */
const headers = { 'cache-control': 'public, max-age=3600, stale-while-revalidate=86400' }

/** The picture of the site where reading needs a key: it has no content, and needs none. */
const namePreview = ({ name }: Site): Preview => ({ language: 'en', label: '', title: name, facts: '' })

const homePreview = async (catalog: Catalog, site: Site): Promise<Preview> => {
  const { data } = await catalog.list('track', {}, { limit: 200, sort: 'default' })
  const languages = new Set(data.map(track => parseItem(track).language))
  // A site in one language has its preview in it.
  const [language = 'en', ...others] = languages
  const shown = others.length === 0 ? language : 'en'
  return {
    language: shown,
    label: '',
    title: site.name,
    facts: await countsOf(catalog, messagesFor(shown), undefined),
  }
}

const trackPreview = async (catalog: Catalog, key: string): Promise<Preview> => {
  const { title, language } = await itemOf(catalog, 'track', key)
  const messages = messagesFor(language)
  return { language, label: messages.preview.track, title, facts: await countsOf(catalog, messages, key) }
}

const itemPreview = async (catalog: Catalog, noun: NounWithPage, key: string): Promise<Preview> => {
  const { title, language, tiers } = await itemOf(catalog, 'track', trackOf(key))
  const item: Item<NounWithPage> & { tier?: Tier | null } = await itemOf(catalog, noun, key)
  const tier = item.tier ?? null
  const tierTitle = tiers.find(one => one.tier === tier)?.title
  const label = [messagesFor(language).preview[noun], tierTitle && plainText(tierTitle)].filter(Boolean).join(' · ')
  return { language, label, tier, title: item.title, facts: plainText(title) }
}

const itemOf = async <N extends 'track' | NounWithPage>(catalog: Catalog, noun: N, key: string): Promise<Item<N>> => {
  const [item] = await catalog.byKeys(noun, [key])
  // Removed since it was found.
  if (item === undefined) throw await nounNotFound(catalog, noun, key)
  return parseItem(item)
}

/** Returns the numbers of skills, projects and exercises, in words. */
const countsOf = async (catalog: Catalog, messages: Messages, track: string | undefined): Promise<string> => {
  const counts = await Promise.all(
    (['skill', 'project', 'exercise'] as const).map(async noun => ({
      noun,
      count: await catalog.count(noun, track === undefined ? {} : { track: [track] }),
    })),
  )
  return counts
    .filter(({ count }) => count > 0)
    .map(({ noun, count }) => formatPlural(messages, messages.counts[noun], count))
    .join(' · ')
}
