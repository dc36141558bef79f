import { page } from './site-page.ts'

/** The reference of REST, for people. */
export const docsPage = (configuredUrl: string | undefined) =>
  page({
    title: 'Curriculum API',
    styles: ['swagger-ui.css', 'docs.css'],
    scripts: ['swagger-ui-bundle.js', 'docs.js'],
    // Requests that are tried go to the server that the description names.
    allowed: `; connect-src 'self'${configuredUrl === undefined ? '' : ` ${new URL(configuredUrl).origin}`}`,
    body: `<main id="swagger-ui"><noscript>This page needs JavaScript; <a href="openapi.yaml">openapi.yaml</a> says the same.</noscript></main>`,
  })

/** A desk for GraphQL queries. */
export const graphiqlPage = () =>
  page({
    title: 'Curriculum · GraphiQL',
    styles: ['graphiql.min.css', 'graphiql-page.css'],
    scripts: ['react.production.min.js', 'react-dom.production.min.js', 'graphiql.min.js', 'graphiql-page.js'],
    allowed: "; connect-src 'self'",
    body: `<main id="graphiql"><noscript>This page needs JavaScript; queries go to <code>graphql</code> without it too.</noscript></main>`,
  })
