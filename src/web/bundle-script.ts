import { readFileSync } from 'node:fs'
import { stripTypeScriptTypes } from 'node:module'
import { join } from 'node:path'
import { tiers } from '../model/vocabulary.ts'

/** The page's script in one piece: the model's own way through a curriculum, then what the page does with it. */
export const pageScript = (): string =>
  `// biome-ignore-all format: made, not written
// biome-ignore-all lint: made, not written
// biome-ignore-all assist: made, not written
// Made by \`npm run generate\` from src/model/path.ts and src/web/browser; the next run overwrites what is changed here.
const tiers = ${JSON.stringify(tiers)}
${files.map(withoutModules).join('\n')}`

/** What a file uses at once stands before it. */
const files = [
  '../model/path.ts',
  ...['address', 'search', 'storage', 'elements', 'track', 'filter', 'panel', 'ticks', 'path', 'main'].map(
    name => `browser/${name}.ts`,
  ),
]

/** Types, imports and exports fall away: in one piece every name is at hand. */
const withoutModules = (name: string): string =>
  stripTypeScriptTypes(readFileSync(join(import.meta.dirname, name), 'utf8'))
    .replace(/^import [^']*'[^']*'$/gm, '')
    .replace(/^export /gm, '')
    .replace(/^[ \t]*(\/\*\*.*\*\/|\/\/ .*)$/gm, '')
    .replace(/^\/\*\*\n( \* .*\n)+ \*\/$/gm, '')
    .replace(/[ \t]+$/gm, '')
    .replace(/\n{2,}/g, '\n')
    .trimStart()
