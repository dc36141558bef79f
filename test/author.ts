import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Test } from 'tap'
import { addExport } from '../src/commands/export.ts'
import { addLoad } from '../src/commands/load.ts'
import { addValidate } from '../src/commands/validate.ts'
import { asAdmin, emptyApp, seed } from './app.ts'
import { runner } from './command.ts'

export type Tree = { [name: string]: string | Tree }

/** The files of a folder by their paths. */
export const filesIn = (folder: string): Record<string, string> => {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile())
  const read = paths.map(({ parentPath, name }) => join(parentPath, name)).sort()
  return Object.fromEntries(read.map(path => [path.slice(folder.length + 1), readFileSync(path, 'utf8')]))
}

export const plant = (folder: string, tree: Tree): void => {
  mkdirSync(folder, { recursive: true })
  for (const [name, content] of Object.entries(tree))
    if (typeof content === 'string') writeFileSync(join(folder, name), content)
    else plant(join(folder, name), content)
}

const run = runner(addExport, addLoad, addValidate)

/** Tracks in files that are loaded into a service: they are changed through its API and exported by the command. */
export const author = async (t: Test, tracks: Tree | 'shipped') => {
  const { app, catalog, file } = await emptyApp(t)
  const content = join(dirname(file), 'tracks')
  if (tracks === 'shipped') cpSync(seed, content, { recursive: true })
  else plant(content, tracks)
  const before = { ...process.env }
  Object.assign(process.env, { DATABASE_URL: `file:${file}`, CONTENT: content })
  t.teardown(() => {
    for (const name of ['DATABASE_URL', 'CONTENT']) {
      delete process.env[name]
      if (before[name] !== undefined) process.env[name] = before[name]
    }
  })
  const send = async (method: 'PUT' | 'PATCH' | 'DELETE', url: string, payload?: object) => {
    const there = (await app.inject(url)).statusCode === 200
    const terms: Record<string, string> = there ? { 'if-match': '*' } : {}
    const response = await app.inject({ method, url, headers: { ...asAdmin, ...terms }, ...(payload && { payload }) })
    t.ok(response.statusCode < 300, `${method} ${url}: ${response.body}`)
  }
  return {
    app,
    catalog,
    content,
    run,
    put: (url: string, body: object) => send('PUT', url, body),
    patch: (url: string, body: object) => send('PATCH', url, body),
    remove: (url: string) => send('DELETE', url),
    load: (...args: string[]) => run('load', content, ...args),
    exported: (track: string, ...args: string[]) => run('export', 'files', '--track', track, ...args),
    read: (path: string) => readFileSync(join(content, path), 'utf8'),
    files: () => filesIn(content),
  }
}
