import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fragmentOf } from '../http/json-fragments.ts'
import { type CachedResponse, toCachedResponse } from '../http/response-cache.ts'

/** A file of ours, beside this one. */
const own = (name: string): string => join(import.meta.dirname, 'assets', name)

const packages = createRequire(import.meta.url)

/** A file that a package ships for browsers. */
const shipped = (name: string, path: string): string => join(dirname(packages.resolve(`${name}/package.json`)), path)

/** Everything a page loads: nothing comes from another host, and no other file of a package can be asked for. */
const assets = {
  'icon.svg': own('icon.svg'),
  'index.css': own('index.css'),
  'docs.css': own('docs.css'),
  'docs.js': own('docs.js'),
  'graphiql-page.css': own('graphiql-page.css'),
  'graphiql-page.js': own('graphiql-page.js'),
  'swagger-ui.css': shipped('@fastify/swagger-ui', 'static/swagger-ui.css'),
  'swagger-ui-bundle.js': shipped('@fastify/swagger-ui', 'static/swagger-ui-bundle.js'),
  'graphiql.min.css': shipped('graphiql', 'graphiql.min.css'),
  'graphiql.min.js': shipped('graphiql', 'graphiql.min.js'),
  'react.production.min.js': shipped('react', 'umd/react.production.min.js'),
  'react-dom.production.min.js': shipped('react-dom', 'umd/react-dom.production.min.js'),
}
export type AssetName = keyof typeof assets

export const assetNames = Object.keys(assets) as AssetName[] // the keys of the table

const typeOf = (name: AssetName): string => {
  if (name.endsWith('.css')) return 'text/css; charset=utf-8'
  return name.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'image/svg+xml'
}

/** Each file is read once, when it is first asked for. */
const read = new Map<AssetName, Promise<CachedResponse>>()

export const assetOf = (name: AssetName): Promise<CachedResponse> => {
  const known = read.get(name)
  if (known !== undefined) return known
  const made = readFile(assets[name]).then(body =>
    toCachedResponse({ body: [fragmentOf(body)], type: typeOf(name), headers: forever }, null),
  )
  read.set(name, made)
  return made
}

/** A page names an asset together with its content, so that a new one has another address. */
export const addressOf = async (name: AssetName): Promise<string> => `assets/${name}?${(await assetOf(name)).hash}`

const forever = { 'cache-control': 'public, max-age=31536000, immutable' }
