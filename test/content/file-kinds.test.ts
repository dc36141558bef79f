import { Ajv } from 'ajv'
import addFormats from 'ajv-formats'
import t from 'tap'
import { parse } from 'yaml'
import { fileSchemas } from '../../src/content/file-kinds.ts'
import { smallTrack } from '../fixtures/small-track.ts'

const { skills, projects, sources, ...files } = smallTrack()

const validatorOf = (kind: string) => {
  const ajv = new Ajv({ strict: false })
  addFormats.default(ajv)
  return ajv.compile(fileSchemas()[kind] as object) // the tests name kinds that exist
}

t.test('every kind of file has a JSON Schema that accepts valid files', async t => {
  for (const [kind, yaml] of [
    ['track', files['track.yaml']],
    ['roadmap', files['roadmap.yaml']],
    ['skill', skills['decorators.yaml']],
    ['project', projects['todo-app.yaml']],
    ['source', sources['guide.yaml']],
    ['principles', files['principles.yaml']],
    ['resources', files['resources.yaml']],
    ['plans', files['plans.yaml']],
    ['checklists', files['checklists.yaml']],
  ] as const) {
    const validate = validatorOf(kind)
    t.ok(validate(parse(yaml)), `${kind}: ${JSON.stringify(validate.errors)}`)
  }
})

t.test('the JSON Schemas find the mistakes within one file', async t => {
  for (const [kind, yaml] of [
    ['skill', 'titel: a\n'],
    ['skill', 'title: a\ntier: senior\n'],
    ['skill', 'title: a\nprerequisites: [A b]\n'],
    ['source', 'title: a\noutline: [{ label: a, of: decorators.skill }]\n'],
    ['roadmap', 'categories: [{ slug: a, title: A, skills: { expert: [b] } }]\n'],
    ['resources', '- { slug: a, kind: blog, title: A }\n'],
  ] as const)
    t.notOk(validatorOf(kind)(parse(yaml)), yaml)
})

t.test('the JSON Schemas describe every field for an author', async t => {
  const schemas = JSON.parse(JSON.stringify(fileSchemas()))
  t.equal(schemas.skill.$schema, 'http://json-schema.org/draft-07/schema#')
  t.match(schemas.roadmap, { title: 'roadmap.schema.json', description: 'The matrix' })
  t.equal(schemas.skill.properties.prerequisites.description, 'Slugs of the skills that come directly before it.')
  for (const [kind, schema] of Object.entries<{ properties?: object; items?: { properties: object } }>(schemas))
    for (const [name, field] of Object.entries(schema.properties ?? schema.items?.properties ?? {}))
      t.ok(JSON.stringify(field).includes('"description"') || '$ref' in field, `${kind}.${name}`)
})
