import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { tiers } from '../model/vocabulary.ts'

/** Concatenates the script of a track's page: the model's learning paths and the files in browser/. */
export const bundlePageScript = (): string =>
  `// biome-ignore-all format: made, not written
// biome-ignore-all lint: made, not written
// biome-ignore-all assist: made, not written
// Made by \`npm run generate\` from src/model/path.ts and src/web/browser; the next run overwrites what is changed here.
const tiers = ${JSON.stringify(tiers)}
${bundledFiles.map(stripModule).join('\n')}`

/** In the order in which their top-level statements need each other. */
const bundledFiles = [
  '../model/path.ts',
  ...['address', 'search', 'storage', 'elements', 'track', 'filter', 'panel', 'ticks', 'path', 'main'].map(
    name => `browser/${name}.ts`,
  ),
]

/** Removes types, imports, exports and comments: all files share one scope, so their top-level names must differ. */
const stripModule = (name: string): string =>
  stripTypeScriptTypes(readFileSync(join(import.meta.dirname, name), 'utf8'))
    .replace(/^import [^']*'[^']*'$/gm, '')
    .replace(/^export /gm, '')
    .replace(/^[ \t]*(\/\*\*.*\*\/|\/\/ .*)$/gm, '')
    .replace(/^\/\*\*\n( \* .*\n)+ \*\/$/gm, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trimStart()
