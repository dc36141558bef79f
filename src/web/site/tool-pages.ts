import type { RenderedResponse } from '../../http/rendered-response.ts'
import type { Markup } from '../../text/html.ts'
import { en } from '../messages/en.ts'
import { type AssetName, assetUrl } from '../page/asset-files.ts'
import { formatHtml, html } from '../page/html.ts'
import type { Site } from '../page/site.ts'
import { listOperations, type OperationGroup, type ServerSettings } from './openapi-file.ts'

/** The words of these pages, which are English like the API. */
const { frame, tools } = en

/** Renders the REST reference (Swagger UI). Without JavaScript it lists the operations. */
export const docsPage = async (site: Site, { configuredUrl }: ServerSettings): Promise<RenderedResponse> => {
  const description = html`<a href="openapi.yaml">${tools.description}</a>`
  return renderTool(site, {
    title: tools.docs,
    styles: ['swagger-ui.css', 'tools.css'],
    scripts: ['swagger-ui-bundle.js', 'docs.js'],
    // "Try it out" sends requests to the server that the description names.
    connectTo: configuredUrl === undefined ? '' : ` ${new URL(configuredUrl).origin}`,
    body: html`<main id="swagger-ui"><noscript><h1>${tools.docs}</h1>
<p>${formatHtml(tools.withoutScript, { description })}</p>
${(await listOperations()).map(operationList)}</noscript></main>`,
  })
}

const operationList = ({ name, description, operations }: OperationGroup): Markup => html`<h2 id="${name}">${name}</h2>
<p>${description}</p>
<ul>
${operations.map(({ method, path, summary }) => html`<li><code><b>${method}</b> ${path}</code> ${summary}</li>\n`)}</ul>
`

/** Renders the GraphQL editor (GraphiQL). */
export const graphiqlPage = (site: Site): RenderedResponse =>
  renderTool(site, {
    title: tools.graphiql,
    styles: ['graphiql.min.css', 'tools.css'],
    scripts: ['react.production.min.js', 'react-dom.production.min.js', 'graphiql.min.js', 'graphiql-page.js'],
    body: html`<main id="graphiql"><noscript><h1>${tools.graphiql}</h1>
<p>${formatHtml(tools.editorWithoutScript, { link: html`<a href="${exampleQuery}"><code>${exampleQuery}</code></a>` })}</p></noscript></main>`,
  })

const exampleQuery = 'graphql?query={tracks{nodes{key,title}}}'

interface Tool {
  title: string
  styles: readonly AssetName[]
  scripts: readonly AssetName[]
  /** Another origin that scripts send requests to. */
  connectTo?: string
  body: Markup
}

/** Renders a tool in a small frame. Its policy lets the browser load only the files named here, from this host. */
const renderTool = (site: Site, { title, styles, scripts, connectTo = '', body }: Tool): RenderedResponse => ({
  type: 'text/html; charset=utf-8',
  headers: {
    'content-security-policy': `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'${connectTo}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  },
  body: html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${site.name}</title>
<link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml">
${styles.map(name => html`<link rel="stylesheet" href="${assetUrl(name)}">\n`)}${scripts.map(name => html`<script defer src="${assetUrl(name)}"></script>\n`)}</head>
<body>
<header class="tool-header"><a href="./" aria-label="${frame.home}">← ${site.name}</a> <span>${title}</span></header>
${body}
</body>
</html>
`.text,
})
