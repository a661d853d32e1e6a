import { describe, expect, it, vi } from 'vitest'
import { createDiffPolicy, isDiffMarkup } from './diff-policy.ts'

const row =
  '<div data-line="3" data-line-type="change-addition" data-line-index="2,2"><span style="color:var(--diffs-token-keyword)">if</span> (a &#x3C; b &#x26;&#x26; c > d) "x" = \'y\'</div>'
const icon =
  '<svg data-icon-sprite aria-hidden="true" width="0" height="0">\n  <symbol id="diffs-icon-chevron" viewBox="0 0 16 16">\n    <path d="M1.47 4.47a.75.75 0 0 1 1.06 0"/>\n  </symbol>\n</svg>'

describe('markup of a diff', () => {
  it.each([
    ['a row with coloured words', row],
    ['its icons', icon],
    ['an icon that is used', '<svg width="16" height="16" data-icon=""><use href="#diffs-icon-expand"></use></svg>'],
    ['words in another direction', '<bdi>src/a.ts</bdi><slot name="header-custom"></slot><br>'],
    ['text alone', 'onerror=alert(1) javascript:void'],
    ['an attribute that speaks of handlers', '<div data-path="a onclick=b.ts">x</div>'],
    ['nothing', ''],
  ])('may be %s', (_, markup) => {
    expect(isDiffMarkup(markup)).toBe(true)
  })

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<div onclick="alert(1)">x</div>',
    '<div data-a="" ONCLICK="alert(1)">x</div>',
    '<div onclick=alert(1)>x</div>',
    '<svg><use href="data:image/svg+xml,x"></use></svg>',
    '<svg><use href="https://example.com/#a"></use></svg>',
    '<svg><use xlink:href=javascript:alert(1)></use></svg>',
    '<a href="#x">x</a>',
    '<iframe srcdoc="x"></iframe>',
    '<style>*{display:none}</style>',
    '<div data-a=">" onclick="alert(1)">x</div>',
    '<div data-a="x"onclick="alert(1)">x</div>',
    '<div/onclick="alert(1)">x</div>',
    '<div\u000conclick="alert(1)">x</div>',
    '<!-- x --><b>y</b>',
    '<template><div></div></template>',
    'a < b',
  ])('is never %s', (markup) => {
    expect(isDiffMarkup(markup)).toBe(false)
  })

  it('is judged in one pass, however long it is', () => {
    expect(isDiffMarkup(row.repeat(20_000))).toBe(true)
    expect(isDiffMarkup(`${row.repeat(20_000)}<div ${'a '.repeat(20_000)}`)).toBe(false)
  })
})

describe('the policy of the page', () => {
  const policyWith = (factory?: Parameters<typeof createDiffPolicy>[1]) =>
    createDiffPolicy('/assets/worker.js', factory)

  it('is made under the one name that the headers allow', () => {
    const createPolicy = vi.fn((_: string, rules) => rules)
    policyWith({ createPolicy })
    expect(createPolicy.mock.calls.map(([name]) => name)).toEqual(['review-diff'])
  })

  it('judges also where the browser knows no policies', () => {
    const policy = policyWith()
    expect(policy.createHTML(row)).toBe(row)
    expect(() => policy.createHTML('<b onclick="x">y</b>')).toThrow(TypeError)
  })

  it('starts one worker and no other', () => {
    expect(policyWith().createScriptURL('/assets/worker.js')).toBe('/assets/worker.js')
    expect(() => policyWith().createScriptURL('/assets/other.js')).toThrow(TypeError)
    expect(() => policyWith().createScriptURL('https://example.com/assets/worker.js')).toThrow(TypeError)
  })
})
