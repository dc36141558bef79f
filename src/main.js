// JavaScript, so that nothing has to be stripped of types before the cache is there: then the stripper is not loaded at all.
import { enableCompileCache } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Before anything else is loaded: what was stripped and compiled at an earlier start is not again. Threads and workers
// find the cache by the variable.
process.env.NODE_COMPILE_CACHE ??= join(tmpdir(), 'node-compile-cache')
enableCompileCache()
await import('./cli/program.ts')
