import type { RenderedResponse } from '../../http/rendered-response.ts'
import type { EmbedSettings } from '../browser/embed/settings.ts'
import { languages } from '../messages/messages.ts'
import { readBundle } from '../page/page-frame.ts'
import { defaultAccent, type Site } from '../page/site.ts'

/** Returns `/embed.js`, the script that defines `<curriculum-roadmap>`: its settings and the bundle. */
export const embedScript = ({ accent = defaultAccent }: Site): RenderedResponse => {
  const settings: EmbedSettings = {
    style: `:host{--site-accent-light:${accent.light};--site-accent-dark:${accent.dark}}${readBundle('embed.css')}`,
    words: Object.fromEntries(
      Object.entries(languages).map(([name, { language, embed }]) => [name, { language, ...embed }]),
    ),
  }
  return {
    body: `const settings=${JSON.stringify(settings)};\n${readBundle('embed.js')}`,
    type: 'text/javascript; charset=utf-8',
    // Its address has no hash: five minutes, so that pages soon get a new version.
    headers: { 'cache-control': 'public, max-age=300, stale-while-revalidate=86400' },
  }
}
