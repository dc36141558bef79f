import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { type CachedResponse, toCachedResponse } from '../../http/rendered-response.ts'

/** The path of one of our own assets. */
const ownFile = (name: string): string => join(import.meta.dirname, '../assets', name)

const packages = createRequire(import.meta.url)

/** The path of a bundle that `npm run prepare` writes. */
const bundle = (name: string): string => join(import.meta.dirname, '../../../dist', name)

/** The path of a file that an npm package ships for browsers. */
const packageFile = (name: string, path: string): string =>
  join(dirname(packages.resolve(`${name}/package.json`)), path)

/** All files that pages load: none comes from another host, and no other file of a package is served. */
const assets = {
  'icon.svg': ownFile('icon.svg'),
  'track-page.js': bundle('track-page.js'),
  'item-page.js': bundle('item-page.js'),
  'home.js': bundle('home.js'),
  'watch.js': ownFile('watch.js'),
  'tools.css': ownFile('tools.css'),
  'docs.js': ownFile('docs.js'),
  'graphiql-page.js': ownFile('graphiql-page.js'),
  'swagger-ui.css': packageFile('@fastify/swagger-ui', 'static/swagger-ui.css'),
  'swagger-ui-bundle.js': packageFile('@fastify/swagger-ui', 'static/swagger-ui-bundle.js'),
  'graphiql.min.css': packageFile('graphiql', 'graphiql.min.css'),
  'graphiql.min.js': packageFile('graphiql', 'graphiql.min.js'),
  'react.production.min.js': packageFile('react', 'umd/react.production.min.js'),
  'react-dom.production.min.js': packageFile('react-dom', 'umd/react-dom.production.min.js'),
}
export type AssetName = keyof typeof assets

export const assetNames = Object.keys(assets) as AssetName[] // the keys of the table

const mediaTypeOf = (name: AssetName): string => {
  if (name.endsWith('.css')) return 'text/css; charset=utf-8'
  return name.endsWith('.js') ? 'text/javascript; charset=utf-8' : 'image/svg+xml'
}

const loadedAssets = new Map<AssetName, CachedResponse>()

/** Reads each file once, on its first request. */
export const loadAsset = (name: AssetName): CachedResponse => {
  const existing = loadedAssets.get(name)
  if (existing !== undefined) return existing
  const body = readFileSync(assets[name])
  const loaded = toCachedResponse({ body, type: mediaTypeOf(name), headers: immutableHeaders }, null)
  loadedAssets.set(name, loaded)
  return loaded
}

/** Returns a URL with the hash of the content, so that browsers can cache it forever. */
export const assetUrl = (name: AssetName): string => `assets/${name}?${loadAsset(name).hash}`

/** The headers of a file whose URL has its hash. */
export const immutableHeaders = { 'cache-control': 'public, max-age=31536000, immutable' }
