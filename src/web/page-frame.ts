import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Refused } from '../errors.ts'
import { escapeHtml, type Markup } from '../text/html.ts'

interface PageFrame {
  title: string
  description?: string | undefined
  language: string
  body: Markup
  script: boolean
  watch: boolean
}

/**
 * Renders the HTML around a body. Its policy allows only its own style and scripts, so the page is as safe from a disk as
 * from a server.
 */
export const renderPage = ({ title, description, language, body, script, watch }: PageFrame): string => `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(watch)}">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
${description === undefined ? '' : `<meta name="description" content="${escapeHtml(description)}">\n`}<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(icon)}">
<style>${style}</style>
</head>
<body>
${body.text}
${script ? `<script type="module">${trackScript}</script>\n` : ''}${watch ? `<script type="module">${watchScript}</script>\n` : ''}</body>
</html>
`

const readAsset = (name: string): string => `\n${readFileSync(join(import.meta.dirname, name), 'utf8')}`

/** Reads the bundle of `browser/main.ts`, which `npm run prepare` writes. Throws `Refused` if it was not run. */
export const readBundle = (name: string): string => {
  try {
    return readAsset(join('../../dist', name))
  } catch (cause) {
    throw new Refused(`dist/${name} is missing or cannot be read: run npm run prepare in the folder of the service.`, {
      cause,
    })
  }
}

const style = readAsset('assets/track-page.css')
const trackScript = readBundle('track-page.js')
const watchScript = readAsset('assets/watch.js')

const icon =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="7" fill="#2f6f4f"/><path d="M8 23h5v-5h5v-5h6" fill="none" stroke="#fff" stroke-width="3" stroke-linecap="round" stroke-linejoin="round"/><circle cx="24" cy="9" r="2.5" fill="#ffd866"/></svg>'

export const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Images in notes may come from the web; everything else is in the file. */
const contentPolicy = (watch: boolean): string =>
  [
    "default-src 'none'",
    `style-src ${hashSource(style)}`,
    `script-src ${[trackScript, ...(watch ? [watchScript] : [])].map(hashSource).join(' ')}`,
    'img-src https: http: data:',
    ...(watch ? ["connect-src 'self'"] : []),
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ')

/** The policy for the response header; browsers accept frame-ancestors only there. */
export const pagePolicy = (watch: boolean): string => `${contentPolicy(watch)}; frame-ancestors 'none'`
