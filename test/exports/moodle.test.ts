import t from 'tap'
import { emptyApp, testApp } from '../fixtures/app.ts'
import { hostileApp, hostileTextsTrack, hostileTitles } from '../fixtures/hostile-track.ts'
import { isCleanHtml, isCleanText } from '../fixtures/moodle-cleaner.ts'
import { type Competency, importFramework, textOf } from '../fixtures/moodle-importer.ts'

t.test('Moodle imports every category, tier and skill of the shipped track, each below its parent', async t => {
  const { app, catalog } = await testApp(t)
  const { framework, competencies, dropped } = importFramework(
    (await app.inject('/v1/tracks/python/export/moodle.csv')).rawPayload,
  )
  t.match(framework, { idnumber: 'python', shortname: 'Python', taxonomy: 'domain,level,skill' })
  t.same(dropped, [])
  const whole = await catalog.document('python')
  for (const skill of whole?.skills ?? []) {
    const competency = competencies.get(`python.skill.${skill.slug}`)
    t.equal(competency?.parent, `${skill.category.replace('.', '.category.')}.${skill.tier}`)
    t.equal(competencies.get(String(competency?.parent))?.parent, skill.category.replace('.', '.category.'))
    t.same(
      competency?.related,
      skill.prerequisites.map(key => key.replace('.', '.skill.')),
      skill.key,
    )
  }
  t.match(competencies.get('python.category.error-handling.senior'), { shortname: 'Error Handling: Advanced' })
})

t.test('a hostile track is complete and unchanged in Moodle', async t => {
  const { bytes, whole } = await hostileApp(t)
  for (const query of ['', '?by=category']) {
    const { framework, competencies, dropped } = importFramework(await bytes(`moodle.csv${query}`))
    t.same(dropped, [])
    t.equal(framework.shortname, 'Trouble & ‹Strife› "∖"')
    for (const skill of whole.skills) {
      const competency = competencies.get(`hostile.skill.${skill.slug}`) as Competency
      t.equal(competency.shortname, names[skill.slug] ?? hostileTitles[skill.slug], skill.slug)
      if (skill.summary !== null)
        t.ok(textOf(competency.description).includes(shown(skill.summary)), `${skill.slug}: ${competency.description}`)
      for (const outcome of skill.outcomes) t.ok(textOf(competency.description).includes(shown(outcome)), skill.slug)
      t.notMatch(competency.description, /<(script|T|b)>/)
      const parent = `hostile.category.${skill.category.slice('hostile.'.length)}`
      t.equal(competency.parent, query === '' ? `${parent}.${skill.tier}` : parent)
    }
    t.equal(competencies.size, whole.categories.length + whole.skills.length + (query === '' ? 9 : 0))
  }
})

/** Short names that differ from the title. */
const names: Record<string, string> = {
  '1-1': 'R&D ‹1› List‹T› and Map‹K, List‹V››',
  '1e1': 'A backslash∖" before quotes \\∖"',
  '10': 'C:∖',
  long: `${[...String(hostileTitles.long)].slice(0, 99).join('')}…`,
  'two-lines': 'Two lines and a tab',
  script: '‹script›alert(1)‹/script›',
  less: 'a < b, c->d and e ‹',
  heading: '# no *heading*, no [link](x) | no ~~line~~ $x$ _y_ code ‹T› a`b `open',
  forbidden: 'not\ufffd allowed in XML',
}

const shown = (text: string): string =>
  text
    .replaceAll('\uffff', '\ufffd')
    .replace(/``a`b``/, 'a`b')
    .replace('`code <T>`', 'code <T>')
    .replace('` `', '')

t.test(
  "prerequisites are listed in the description, because Moodle's relations have no direction, and links are external",
  async t => {
    const { bytes } = await hostileApp(t)
    const { competencies } = importFramework(await bytes('moodle.csv'))
    const second = competencies.get('hostile.skill.1-10')
    t.same(second?.related, ['hostile.skill.1-1'])
    t.match(second?.description, /<h3>What comes before<\/h3><ul><li>List&lt;T&gt; and Map/)
    t.match(second?.description, 'href="https://example.org/k%C3%A4se%20b?q=%C3%BC%7C%5B1%5D%22#%C3%9F"')
    const first = competencies.get('hostile.skill.1-1')
    t.same(first?.related, [], 'skills of other tracks are not in this framework')
    t.match(first?.description, '<li>elsewhere.basics</li>')
    t.match(first?.description, 'Start &lt;here&gt;, theoretical, optional')
    t.match(first?.description, '<li>elsewhere.site</li>')
    t.match(
      competencies.get('hostile.skill.snakes')?.description,
      '<h3>In other frameworks</h3><ul><li>ESCO &amp; &lt;co&gt;: <a href="http://data.europa.eu/esco/skill/1?a=1&amp;b=%C3%BC">S1.2 use "snakes"</a></li><li>Of the house</li></ul>',
    )
  },
)

t.test('links are normalized, and URLs that Moodle removes from links are text', async t => {
  const { app, load } = await emptyApp(t)
  await load(hostileTextsTrack())
  const { rawPayload } = await app.inject('/v1/tracks/texts/export/moodle.csv')
  const description = String(importFramework(rawPayload).competencies.get('texts.skill.signs')?.description)
  for (const item of [
    `<li><a href="https://example.org/~user/a%2Fb/%25zz/it's?a=1&amp;copy=2#one%23two">Needless "escapes"\nin two lines</a> (site)</li>`,
    '<li>No name of the DNS\n<code>&lt;a&gt;</code>: <code>https://foo_bar.example.org/%22x%22</code> (site)</li>',
    '<li>With a name: <code>https://user:word@example.org:0/</code> (site)</li>',
  ])
    t.ok(description.includes(item), description)
})

t.test('Moodle leaves every text of an export unchanged', async t => {
  const { bytes } = await hostileApp(t)
  const { app } = await testApp(t)
  const { app: other, load } = await emptyApp(t)
  await load(hostileTextsTrack())
  for (const file of [
    await bytes('moodle.csv'),
    await bytes('moodle.csv?by=category'),
    (await other.inject('/v1/tracks/texts/export/moodle.csv')).rawPayload,
    (await app.inject('/v1/tracks/python/export/moodle.csv')).rawPayload,
  ]) {
    const { framework, competencies } = importFramework(file)
    for (const { shortname, description } of [framework, ...competencies.values()]) {
      t.ok(isCleanText(shortname), shortname)
      t.ok(isCleanHtml(description.replaceAll('&#92;', '\\')), description)
    }
  }
})

t.test('names cut to a hundred characters contain both the category and the tier', async t => {
  const { bytes } = await hostileApp(t)
  const { competencies } = importFramework(await bytes('moodle.csv'))
  const name = String(competencies.get('hostile.category.other.intermediate')?.shortname)
  t.match(name, /^Ä long tale of a snake 🐍.*…: x+…$/u)
  t.ok([...name].length <= 100)
  t.equal(competencies.get('hostile.category.twin.senior')?.shortname, '@category & ‹T›: Senior')
})

t.test('a copy of a framework has another ID number, and a part of a track includes the parents', async t => {
  const { bytes, app } = await hostileApp(t)
  t.equal(importFramework(await bytes('moodle.csv?idnumber=hostile@2026.1')).framework.idnumber, 'hostile@2026.1')
  for (const idnumber of ['1e1', '', 'a b', 'x'.repeat(101)]) {
    const rejected = await app.inject(`/v1/tracks/hostile/export/moodle.csv?idnumber=${idnumber}`)
    t.equal(rejected.statusCode, 400, idnumber)
    t.match(rejected.json(), { errors: [{ parameter: 'idnumber', message: /it must be a letter and then/ }] })
  }
  const { competencies, dropped } = importFramework(await bytes('moodle.csv?category=twin&tier=beginner'))
  t.same(dropped, [])
  t.same(
    [...competencies.keys()].filter(id => !id.includes('.skill.')),
    ['twin', 'other', 'deep'].flatMap(slug => [`hostile.category.${slug}`, `hostile.category.${slug}.beginner`]),
  )
  for (const { related } of competencies.values()) for (const id of related) t.ok(competencies.has(id))
  t.ok([...competencies.values()].some(({ description }) => description.includes('What comes before')))
})
