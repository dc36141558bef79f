/* global GraphiQL, React, ReactDOM */
const queries = [
  `# What comes next in Python after these skills?
# Ctrl+Space completes, Ctrl+Enter runs the query; the book on the left describes every field.
query Next {
  next(track: "python", known: ["variables", "functions"]) {
    skill {
      title
      tier
    }
    unlocks { title }
  }
}
`,
  `# All skills of a tier, with what they need and where they are practised.
query Skills {
  skills(track: "python", tier: SENIOR, first: 10) {
    totalCount
    nodes {
      title
      summary
      prerequisites { title }
      projects { title }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`,
  `# The path to a goal, in order, and the time that it takes.
query Path {
  path(track: "python", to: ["decorators"]) {
    skill {
      title
      tier
    }
  }
  pathDuration(track: "python", to: ["decorators"]) {
    from
    to
    unit
    unknown
  }
}
`,
]

ReactDOM.createRoot(document.getElementById('graphiql')).render(
  React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: new URL('graphql', location.href).href }),
    defaultTabs: queries.map(query => ({ query })),
  }),
)
