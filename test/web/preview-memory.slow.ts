import t from 'tap'
import { plainSite } from '../../src/web/page/site.ts'
import { previewSvg } from '../../src/web/preview/preview-image.ts'
import { createRasterizer } from '../../src/web/preview/rasterizer.ts'

t.test('drawing many pictures without a pause keeps few of them in memory', async t => {
  const rasterizer = createRasterizer()
  t.teardown(() => rasterizer.close())
  const megabytes = () => process.memoryUsage().rss / 1024 ** 2
  const before = megabytes()
  let most = before
  let next = 0
  const draw = async () => {
    while (next < 300) {
      next++
      await rasterizer.toPng(
        previewSvg(
          plainSite(() => ''),
          { language: 'en', label: '', title: `Picture ${next}`, facts: '' },
        ),
      )
      most = Math.max(most, megabytes())
    }
  }
  await Promise.all(Array.from({ length: 16 }, draw))
  // The pixels of 300 pictures are 900 MB.
  t.ok(most - before < 400, `${Math.round(most - before)} MB more at most`)
})
