import { expect, it } from 'vitest'
import { findLongFunctions, mostOwnLines } from './function-lines.mjs'

const lines = (count, text = 'x += 1') => Array.from({ length: count }, () => `  ${text}`).join('\n')

it('counts the lines of a function with its first and last, and names the place', () => {
  const text = (count) => `let x = 0\nexport const f = () => {\n${lines(count)}\n}\n`
  expect(findLongFunctions('a.ts', text(mostOwnLines - 2))).toEqual([])
  expect(findLongFunctions('a.ts', text(mostOwnLines - 1))).toEqual([
    `a.ts:2: a function of ${mostOwnLines + 1} own lines; at most ${mostOwnLines}. Split it.`,
  ])
})

it('leaves out blank lines and comments', () => {
  const text = `export function f() {\n${lines(40)}\n\n${lines(40, '// why')}\n/*\n${lines(40, 'why')}\n*/\n}\n`
  expect(findLongFunctions('a.ts', text)).toEqual([])
})

it('judges functions in a function by themselves', () => {
  const inner = (count) => `const g = () => {\n${lines(count)}\n}\nconst h = function () {\n${lines(50)}\n}`
  expect(
    findLongFunctions('a.ts', `const f = () => {\n${inner(50)}\nreturn { g, h, m() {\n${lines(50)}\n} }\n}`),
  ).toEqual([])
  expect(findLongFunctions('a.ts', `const f = () => {\n${inner(70)}\nreturn { g, h }\n}`)).toHaveLength(1)
})
