import { readdirSync, readFileSync } from 'node:fs'
import { createHighlighterCore } from 'shiki/core'
import { createJavaScriptRegexEngine } from 'shiki/engine/javascript'
import { describe, expect, it, vi } from 'vitest'
import { diffLanguages } from './diff-languages.mjs'
import { diffParts, keepLanguages } from './diff-parts-plugin.mjs'
import { inRoot } from './paths.mjs'

const shiki = inRoot('node_modules', 'shiki', 'dist')
const listFile = `${shiki}/${readdirSync(shiki).find((name) => /^langs-bundle-full-.+\.mjs$/.test(name))}`
const list = readFileSync(listFile, 'utf8')
const idsOf = (code) => [...code.matchAll(/import\("@shikijs\/langs\/([^"]+)"\)/g)].map(([, id]) => id)
const transform = (languages, id = listFile, code = list, error = vi.fn()) =>
  diffParts({ languages }).transform.call({ error }, code, id)

describe('the languages that the page brings', () => {
  it('are those that are wanted, of the many there are', () => {
    expect(idsOf(list).length).toBeGreaterThan(200)
    expect(new Set(idsOf(transform(diffLanguages).code))).toEqual(new Set(diffLanguages))
    expect(idsOf(transform([]).code)).toEqual([])
  })

  it('fail the build when a release does not have one of them', () => {
    const error = vi.fn()
    transform(['go', 'gone'], listFile, list, error)
    expect(error).toHaveBeenCalledWith(expect.stringContaining('no grammar of gone in this release'))
  })

  it('leave the others known by all their names, in one colour', async () => {
    const { code } = keepLanguages(list, diffLanguages)
    const lists = Object.values(await import(`data:text/javascript,${encodeURIComponent(alone(code))}`))
    const bundledLanguages = lists.find((each) => 'ada' in each && 'adoc' in each)
    for (const name of ['ada', 'adoc', 'asciidoc']) {
      const { default: data } = await bundledLanguages[name]()
      const core = await createHighlighterCore({ themes: [], langs: [data], engine: createJavaScriptRegexEngine() })
      expect(core.getLoadedLanguages()).toContain(name)
      expect(core.codeToTokensBase('with Ada; -- "text"', { lang: name, theme: 'none' })).toHaveLength(1)
      core.dispose()
    }
  })
})

/** Without what it imports, so that it runs by itself. */
const alone = (code) => code.replaceAll(/import\("@shikijs\/langs\/[^"]+"\)/g, 'null')

describe('what the page never uses of the library', () => {
  it.each([
    'node_modules/@pierre/diffs/dist/highlighter/backends/highlights.js',
    'node_modules/@pierre/diffs/dist/worker/highlights-CpZm9DAR.js',
    'node_modules\\@pierre\\highlights\\dist\\default.js',
    'node_modules/shiki/dist/wasm.mjs?worker',
    'node_modules/shiki/dist/engine-oniguruma.mjs',
  ])('is empty: %s', (id) => {
    expect(diffParts({ languages: [] }).load(`/page/${id}`)).toBe('export {}')
  })

  it.each([
    'node_modules/@pierre/diffs/dist/highlighter/backends/shiki.js',
    'node_modules/shiki/dist/engine-javascript.mjs',
    'node_modules/@pierre/theming/dist/index.js',
    'renderer/lib/highlights.ts',
  ])('is not %s', (id) => {
    expect(diffParts({ languages: [] }).load(`/page/${id}`)).toBeNull()
    expect(transform([], `/page/${id}`)).toBeNull()
  })
})
