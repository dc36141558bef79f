import t from 'tap'
import { listen } from '../../src/cli/listen.ts'
import { readConfig } from '../../src/config.ts'
import { createLogger } from '../../src/runtime/logger.ts'
import { documentOf, emptyApp } from '../fixtures/app.ts'

t.test('URIs in CASE begin with PUBLIC_URL, or with the address that the service listens on', async t => {
  const { catalog, load, options } = await emptyApp(t)
  await load(documentOf({ slug: 'a' }, {}))
  for (const named of [undefined, 'https://learn.example/curriculum/']) {
    const config = readConfig({ PORT: '0', PUBLIC_URL: named })
    const { origin, close } = await listen(config, catalog, createLogger('silent', { write: () => undefined }), options)
    const list = (await (await fetch(`${origin}/ims/case/v1p1/CFDocuments`)).json()) as {
      CFDocuments: { uri: string; officialSourceURL: string }[]
    }
    await close()
    const base = named === undefined ? origin : 'https://learn.example/curriculum'
    t.match(list.CFDocuments, [{ uri: `${base}/ims/case/v1p1/CFDocuments/`, officialSourceURL: `${base}/tracks/a` }])
  }
})
