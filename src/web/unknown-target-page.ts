import type { Catalog } from '../catalog.ts'
import type { RenderedResponse } from '../http/rendered-response.ts'
import { createItemView } from './item-view.ts'
import { createLinks } from './links.ts'
import { renderPage } from './page-frame.ts'
import { unknownTargets } from './path-section.ts'
import type { UnknownTarget } from './path-targets.ts'
import type { Site } from './site.ts'

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
