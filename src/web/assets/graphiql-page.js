/* global GraphiQL, React, ReactDOM */
const defaultQuery = `# The book on the left describes every field,
# Ctrl+Space completes, Ctrl+Enter asks.
{
  skills(
    tier: SENIOR
    track: "python"
    category: "web-development"
  ) {
    totalCount
    nodes {
      title
      summary
      prerequisites { title }
    }
  }
}
`

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: new URL('graphql', location.href).href }),
    defaultQuery,
  }),
)
