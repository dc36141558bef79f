import { copyFile, readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import openapiTypescript, { astToString } from 'openapi-typescript'
import t from 'tap'
import ts from 'typescript'
import { testApp } from '../fixtures/app.ts'

const root = new URL('../..', import.meta.url)

const usage = `
import { get } from './typed-client.ts'

export const roadmapOf = async (base: string) => {
  const senior = await get(base, '/v1/skills', { tier: ['senior'], track: ['python'], limit: 2 })
  const decorators = await get(base, '/v1/skills/{ref}', { ref: 'python.decorators', include: ['category'] })
  const { categories } = await get(base, '/v1/tracks/{ref}/roadmap', { ref: 'python' })
  const next: string | null = senior.page.next
  const summary: string | null = decorators.summary
  const tiers: ('beginner' | 'intermediate' | 'senior')[] = senior.data.map(skill => skill.tier)
  return { next, summary, tiers, title: decorators.title, first: categories[0]?.skills.senior[0]?.title, root: (await get(base, '/v1', {})).search }
}

// @ts-expect-error: there is no such tier
export const wrongTier = (base: string) => get(base, '/v1/skills', { tier: ['wizard'] })
// @ts-expect-error: there is no such address
export const wrongPath = (base: string) => get(base, '/v1/skils', {})
// @ts-expect-error: which one?
export const noRef = (base: string) => get(base, '/v1/skills/{ref}', {})

export const refused = (base: string) => get(base, '/v1/skills/{ref}', { ref: 'python.magic' })
`

t.test('a frontend gets a typed client from openapi.yaml and twelve lines of fetch', async t => {
  const { app } = await testApp(t)
  const folder = t.testdirName
  const types = await openapiTypescript(await readFile(new URL('openapi.yaml', root), 'utf8'))
  await writeFile(`${folder}/curriculum.ts`, astToString(types))
  await copyFile(new URL('docs/typed-client.ts', root), `${folder}/typed-client.ts`)
  await writeFile(`${folder}/usage.ts`, usage)
  t.same(compile(`${folder}/usage.ts`), [], 'it compiles in strict mode with exact optional property types')

  const base = await app.listen({ port: 0 })
  const { roadmapOf, refused } = await import(pathToFileURL(`${folder}/usage.ts`).href)
  t.match(await roadmapOf(base), {
    next: /./,
    summary: /./,
    tiers: ['senior', 'senior'],
    title: 'Decorators',
    first: /./,
    root: '/v1/search',
  })
  await t.rejects(refused(base), { message: /^404 .*NOT_FOUND/ })
})

const compile = (file: string): string[] => {
  const program = ts.createProgram([file], {
    strict: true,
    exactOptionalPropertyTypes: true,
    noUncheckedIndexedAccess: true,
    noEmit: true,
    allowImportingTsExtensions: true,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    target: ts.ScriptTarget.ES2022,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: [],
    typeRoots: [fileURLToPath(new URL('node_modules/@types', root))],
  })
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'))
}
