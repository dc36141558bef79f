import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyRequest } from 'fastify'
import { Refused } from '../../errors.ts'
import type { RenderedResponse } from '../../http/rendered-response.ts'
import { escapeHtml, Markup, plainText } from '../../text/html.ts'
import { directionOf, messagesFor } from '../messages/messages.ts'
import { type AssetName, assetUrl } from './asset-files.ts'
import { html } from './html.ts'
import { createLinks, type Links } from './links.ts'
import type { Logo } from './logo.ts'
import { searchForm } from './search-form.ts'
import type { Site } from './site.ts'

/** The kinds of pages with their style bundles. The kind is a class of the body element. */
const bundleOfKind = {
  home: 'site.css',
  search: 'site.css',
  error: 'site.css',
  track: 'track.css',
  'path-page': 'track.css',
  'item-page': 'track.css',
} as const
type PageKind = keyof typeof bundleOfKind

/** A page of the site. */
export interface Page {
  title: string
  description?: string | null | undefined
  /** The language of its content (BCP 47). The words of the frame are in the same language if they are translated into it. */
  language: string
  /** The path of the page under the service, without a leading slash: `tracks/python`. Its canonical URL is built from it. */
  path: string
  /** False for a page that search engines should not list: errors and search results. Default: true. */
  indexed?: boolean
  /** The same page in other languages. */
  alternates?: readonly { language: string; path: string }[]
  /** The path of the picture for link previews (PNG, 1200 × 630). */
  image?: string
  /** Structured data (schema.org, JSON-LD). */
  structuredData?: object
  kind: PageKind
  body: Markup
  scripts?: readonly AssetName[]
  /** True for a page in a frame: without header and footer. */
  embedded?: boolean
}

/** Returns true for a page in a frame: `?embed=1`. */
export const isEmbedded = ({ query }: FastifyRequest): boolean => (query as { embed?: unknown }).embed === '1'

/** Renders a page of the site with its security policy. */
export const renderPage = (site: Site, page: Page): RenderedResponse => {
  const style = styleOf(site, page.kind)
  const frameAncestors = page.embedded ? site.embedOrigins : []
  const { language, embedded = false, scripts = [] } = page
  const links = createLinks(page.path, undefined, embedded)
  const content = html`<!doctype html>
<html lang="${language}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${metadata(site, page)}
<link rel="icon" href="${links.to(assetUrl('icon.svg'))}" type="image/svg+xml">
<link rel="apple-touch-icon" href="${links.to('apple-touch-icon.png')}">
<style>${new Markup(style)}</style>
${scripts.map(name => html`<script type="module" src="${links.to(assetUrl(name))}"></script>`)}
</head>
<body class="${page.kind}${embedded && ' embedded'}">
<a class="skip" href="#content">${messagesFor(language).frame.skipToContent}</a>
${!embedded && siteHeader(site, page)}
<main id="content" tabindex="-1">
${embedded && languageSwitch(page)}${page.body}
</main>
${!embedded && siteFooter(page)}
</body>
</html>
`
  return {
    body: content.text,
    type: 'text/html; charset=utf-8',
    headers: { 'content-security-policy': policy(style, frameAncestors) },
    framable: frameAncestors.length > 0,
  }
}

const metadata = (site: Site, page: Page): Markup => {
  const { description, indexed = true, alternates = [], structuredData } = page
  const urlOf = (path: string) => `${site.publicUrl()}/${path}`
  const title = plainText(page.title)
  const summary = description && plainText(description)
  return html`<title>${title} · ${site.name}</title>
${summary && html`<meta name="description" content="${summary}">\n`}${
  indexed
    ? html`<link rel="canonical" href="${urlOf(page.path)}">
${alternates.map(({ language, path }) => html`<link rel="alternate" hreflang="${language}" href="${urlOf(path)}">\n`)}<meta property="og:type" content="website">
<meta property="og:site_name" content="${site.name}">
<meta property="og:title" content="${title}">
${summary && html`<meta property="og:description" content="${summary}">\n`}<meta property="og:url" content="${urlOf(page.path)}">
<meta property="og:locale" content="${page.language.replace('-', '_')}">
${
  page.image !== undefined &&
  html`<meta property="og:image" content="${urlOf(page.image)}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="1200">
<meta property="og:image:height" content="630">
<meta property="og:image:alt" content="${title}">
<meta name="twitter:card" content="summary_large_image">`
}`
    : html`<meta name="robots" content="noindex">`
}${structuredData && html`\n<script type="application/ld+json">${new Markup(jsonInHtml(structuredData))}</script>`}`
}

/** Returns JSON that is safe in a script element. */
export const jsonInHtml = (data: object): string => JSON.stringify(data).replaceAll('<', '\\u003c')

const siteHeader = (site: Site, page: Page): Markup => {
  const { path, language, kind } = page
  const messages = messagesFor(language)
  const links = createLinks(path, undefined)
  return html`<header class="site-header">
<a class="brand" href="${site.url ?? links.to('')}">${site.logo ? logoImage(site.logo, site.name, links) : site.name}</a>
${site.url && html`<a class="home" href="${links.to('')}">${messages.frame.allTracks}</a>`}
${languageSwitch(page)}${!pagesWithSearch.has(kind) && searchForm(messages, links)}
</header>`
}

/** Renders links to the same page in its other languages, each with its name in that language. */
const languageSwitch = ({ path, language, alternates = [], embedded }: Page): Markup | false => {
  const links = createLinks(path, undefined, embedded)
  return (
    alternates.length > 1 &&
    html`<nav class="languages" aria-label="${messagesFor(language).frame.languages}">${alternates.map(
      other =>
        html`<a href="${links.to(other.path)}" lang="${other.language}" hreflang="${other.language}" dir="auto"${other.path === path && html` aria-current="page"`}>${nameOf(other.language)}</a> `,
    )}</nav>`
  )
}

/** Returns the name of a language in itself, such as `Deutsch`. */
const nameOf = (language: string): string =>
  String(new Intl.DisplayNames([language], { type: 'language' }).of(language))

/** The pages that have a search over everything in their content. */
const pagesWithSearch = new Set(['home', 'search', 'error'])

/** Renders the logo, which stands for the name. */
const logoImage = ({ url, adapts }: Logo, name: string, links: Links): Markup =>
  html`<img${!adapts && html` class="on-light"`} src="${/^https?:/.test(url) ? url : links.to(url)}" alt="${name}" height="40">`

const siteFooter = ({ path, language }: Page): Markup => {
  const { frame } = messagesFor(language)
  const links = createLinks(path, undefined)
  return html`<footer class="site-footer">
<a href="${links.to('')}">${frame.allTracks}</a> <a href="${links.to('docs')}">${frame.reference}</a>
</footer>`
}

const readAsset = (name: string): string => readFileSync(join(import.meta.dirname, name), 'utf8')

/** Reads a bundle that `npm run prepare` writes. Throws `Refused` if it was not run. */
export const readBundle = (name: string): string => {
  try {
    return readAsset(join('../../../dist', name))
  } catch (cause) {
    throw new Refused(`dist/${name} is missing or cannot be read: run npm run prepare in the folder of the service.`, {
      cause,
    })
  }
}

const styles = { 'site.css': readBundle('site.css'), 'track.css': readBundle('track.css') }

/** Returns the style of a page. Inline, it saves the first visit a request; the policy allows it by its hash. */
const styleOf = ({ accent }: Pick<Site, 'accent'>, kind: PageKind): string => {
  const style = styles[bundleOfKind[kind]]
  return accent === undefined
    ? style
    : `${style}:root{--accent:${accent.light}}@media(prefers-color-scheme:dark){:root{--accent:${accent.dark}}}`
}

export const hashSource = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`

/** Scripts and data come from this service alone; pictures in texts may come from the web. */
const policy = (style: string, frameAncestors: readonly string[]): string =>
  [
    "default-src 'none'",
    `style-src ${hashSource(style)}`,
    "script-src 'self'",
    "connect-src 'self'",
    "img-src 'self' https: http: data:",
    "base-uri 'none'",
    "form-action 'self'",
    `frame-ancestors ${frameAncestors.length === 0 ? "'none'" : frameAncestors.join(' ')}`,
  ].join('; ')

/** A page as a file, which holds its style and script and loads only pictures. */
interface FilePage extends Pick<Page, 'title' | 'description' | 'language' | 'body' | 'kind'> {
  script: string
}

/** Renders a page as one file. Its policy allows only its own style and script. */
export const renderFile = ({ title, description, language, kind, body, script }: FilePage): string => {
  const style = styles[bundleOfKind[kind]]
  return `<!doctype html>
<html lang="${escapeHtml(language)}" dir="${directionOf(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${hashSource(style)}; script-src ${hashSource(script)}; img-src https: http: data:; base-uri 'none'; form-action 'none'">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(plainText(title))}</title>
${description ? `<meta name="description" content="${escapeHtml(plainText(description))}">\n` : ''}<link rel="icon" href="data:image/svg+xml,${encodeURIComponent(readAsset('../assets/icon.svg').trim())}">
<style>${style}</style>
</head>
<body class="${kind} file">
<a class="skip" href="#content">${escapeHtml(messagesFor(language).frame.skipToContent)}</a>
<main id="content" tabindex="-1">
${body.text}
</main>
<script type="module">${script}</script>
</body>
</html>
`
}
