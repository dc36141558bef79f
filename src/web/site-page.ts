import type { RenderedResponse } from '../http/rendered-response.ts'
import { escapeAttribute } from '../text/html.ts'
import { type AssetName, assetUrl } from './asset-files.ts'

export interface SitePage {
  title: string
  styles: readonly AssetName[]
  scripts?: readonly AssetName[]
  /** Content-Security-Policy directives beyond our styles, scripts and images. */
  extraPolicy?: string
  /** HTML; values from outside must be escaped. */
  body: string
}

/** Renders a page of the site. Its policy lets the browser load only the files named here, from this host. */
export const renderSitePage = ({ title, styles, scripts = [], extraPolicy = '', body }: SitePage): RenderedResponse => {
  const styleTags = styles.map(name => `<link rel="stylesheet" href="${assetUrl(name)}">`)
  const scriptTags = scripts.map(name => `<script defer src="${assetUrl(name)}"></script>`)
  return {
    type: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'${extraPolicy}`,
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeAttribute(title)}</title>
<link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml">
${[...styleTags, ...scriptTags].join('\n')}
</head>
<body>
${body}
</body>
</html>
`,
  }
}
