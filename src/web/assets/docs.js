/* global SwaggerUIBundle */

/** Moves the examples of optional parameters into their descriptions: Swagger UI would otherwise send them all as values. */
const withoutOptionalExamples = description => {
  const shared = Object.values(description.components.parameters)
  const own = Object.values(description.paths).flatMap(path =>
    Object.values(path).flatMap(operation => operation.parameters ?? []),
  )
  for (const parameter of [...shared, ...own]) {
    if (parameter.required !== false || parameter.example === undefined) continue
    parameter.description += ` Such as \`${parameter.example}\`.`
    delete parameter.example
  }
  return description
}

/** Swagger UI has dark colors under this class. */
const dark = matchMedia('(prefers-color-scheme: dark)')
const followScheme = () => document.documentElement.classList.toggle('dark-mode', dark.matches)
followScheme()
dark.addEventListener('change', followScheme)

SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#swagger-ui',
  deepLinking: true,
  displayRequestDuration: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  tryItOutEnabled: true,
  validatorUrl: null,
  plugins: [
    () => ({
      statePlugins: {
        spec: { wrapActions: { updateJsonSpec: update => spec => update(withoutOptionalExamples(spec)) } },
      },
    }),
  ],
})
