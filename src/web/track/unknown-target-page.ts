import type { Catalog } from '../../catalog.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import { createItemView } from '../content/item-view.ts'
import type { UnknownTarget } from '../content/path-targets.ts'
import { createLinks } from '../page/links.ts'
import { renderPage } from '../page/page-frame.ts'
import type { Site } from '../page/site.ts'
import { unknownTargets } from './path-section.ts'

/** Renders the answer to `?to=` with a target that does not exist. */
export const unknownTargetPage = async (
  catalog: Catalog,
  site: Site,
  track: string,
  unknown: readonly UnknownTarget[],
  embedded: boolean,
): Promise<RenderedResponse> => {
  const path = `tracks/${track}`
  const view = await createItemView(catalog, { track, mentions: [] }, { texts: [] }, createLinks(path, track, embedded))
  return renderPage(site, {
    title: view.messages.path.title,
    language: view.document.track.language,
    path,
    indexed: false,
    kind: 'path-page',
    embedded,
    body: unknownTargets(view, unknown, embedded),
  })
}
