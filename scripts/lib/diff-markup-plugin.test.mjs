import { readFileSync } from 'node:fs'
import { describe, expect, it, vi } from 'vitest'
import { diffMarkup, guardWrites } from './diff-markup-plugin.mjs'
import { inRoot } from './paths.mjs'

const fileOf = (name) => inRoot('node_modules', '@pierre', 'diffs', 'dist', ...name.split('/'))
const transform = (code, id, error = vi.fn()) => diffMarkup({ root: '/page' }).transform.call({ error }, code, id)

describe('what the library of diffs writes', () => {
  it.each(['components/FileDiff.js', 'components/File.js', 'managers/InteractionManager.js'])(
    'goes through the policy everywhere in %s',
    (name) => {
      const error = vi.fn()
      const { code } = transform(readFileSync(fileOf(name), 'utf8'), fileOf(name), error)
      expect(error).not.toHaveBeenCalled()
      const writes = code.match(/\.innerHTML = .*|insertAdjacentHTML\(.*/g) ?? []
      expect(writes.length).toBeGreaterThan(0)
      expect(writes.filter((write) => !write.includes('diffMarkup('))).toEqual([])
      expect(code).toMatch(/^import \{ diffMarkup \} from "\/page\/lib\/diff-markup\.ts";/)
    },
  )

  it('is guarded as it is written, and nothing else is touched', () => {
    const { code, count } = guardWrites(
      'a.innerHTML = b(c);\nif (d.innerHTML === "") e.insertAdjacentHTML("x", f(g));\n',
    )
    expect(count).toBe(2)
    expect(code).toBe(
      'a.innerHTML = diffMarkup(b(c));\nif (d.innerHTML === "") e.insertAdjacentHTML("x", diffMarkup(f(g)));\n',
    )
  })

  it('fails the build when a release writes in other places', () => {
    const error = vi.fn()
    transform('a.innerHTML = b;\n', fileOf('components/FileDiff.js'), error)
    expect(error).toHaveBeenCalledWith(expect.stringContaining('in 1 places instead of 10'))
  })

  it('leaves every other file alone', () => {
    expect(transform('a.innerHTML = b;\n', '/elsewhere/components/FileDiff.js')).toBeNull()
    expect(transform('a.innerHTML = b;\n', fileOf('editor/sprite.js'))).toBeNull()
  })
})
