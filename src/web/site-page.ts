import type { RenderedResponse } from '../http/response-cache.ts'
import { escapeAttribute } from '../text/html.ts'
import { type AssetName, addressOf } from './asset-files.ts'

export interface Page {
  title: string
  styles: readonly AssetName[]
  scripts?: readonly AssetName[]
  /** What the browser may do beyond loading our styles, scripts and images. */
  allowed?: string
  /** Markup, whatever comes from outside escaped. */
  body: string
}

/** A whole page. What is not named here, or comes from another host, the browser does not load. */
export const page = async ({ title, styles, scripts = [], allowed = '', body }: Page): Promise<RenderedResponse> => {
  const links = styles.map(async name => `<link rel="stylesheet" href="${await addressOf(name)}">`)
  const loaded = scripts.map(async name => `<script defer src="${await addressOf(name)}"></script>`)
  return {
    type: 'text/html; charset=utf-8',
    headers: {
      'content-security-policy': `default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'${allowed}`,
    },
    body: `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeAttribute(title)}</title>
<link rel="icon" href="${await addressOf('icon.svg')}" type="image/svg+xml">
${[...(await Promise.all(links)), ...(await Promise.all(loaded))].join('\n')}
</head>
<body>
${body}
</body>
</html>
`,
  }
}
