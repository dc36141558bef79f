import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { escapeHtml } from '../text/html.ts'
import type { Html } from './html.ts'

interface Frame {
  title: string
  description?: string | undefined
  language: string
  body: Html
  script: boolean
  watch: boolean
}

/** The file around a body. It allows itself its own style and scripts and nothing else, so that it is as safe from a disk as from a server. */
export const page = ({ title, description, language, body, script, watch }: Frame): string => `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${allowed(watch)}">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
${description === undefined ? '' : `<meta name="description" content="${escapeHtml(description)}">\n`}<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<style>${style}</style>
</head>
<body>
${body.text}
${script ? `<script type="module">${behaviour}</script>\n` : ''}${watch ? `<script type="module">${watching}</script>\n` : ''}</body>
</html>
`

const read = (name: string): string => `\n${readFileSync(join(import.meta.dirname, name), 'utf8')}`

const style = read('assets/track-page.css')
/** Made from the files in `browser/` and from the model's own path by `npm run generate`. */
const behaviour = read('assets/track-page.js')
const watching = read('assets/watch.js')

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2f6f4f"/><path d="M8 23h5v-5h5v-5h6" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/><circle cx="24" cy="9" r="2.5" fill="#ffd866"/></svg>'

export const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Pictures in notes may come from the web; all else is in the file. */
const allowed = (watch: boolean): string =>
  [
    "default-src 'none'",
    `style-src ${hashSource(style)}`,
    `script-src ${[behaviour, ...(watch ? [watching] : [])].map(hashSource).join(' ')}`,
    'img-src https: http: data:',
    ...(watch ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/** What a server sends along; the last can only be said in a header. */
export const pagePolicy = (watch: boolean): string => `${allowed(watch)}; frame-ancestors 'none'`
