import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { PassThrough } from 'node:stream'
import { expect, it } from 'vitest'
import { createScreen } from './screen.mjs'

/** The characters that the bundled terminal font has, from its own style sheet. */
const ranges = [
  ...readFileSync(
    createRequire(import.meta.url).resolve('@fontsource-variable/jetbrains-mono/wght.css'),
    'utf8',
  ).matchAll(/U\+([0-9A-F]+)(?:-([0-9A-F]+))?/g),
].map(([, from, to = from]) => [Number.parseInt(from, 16), Number.parseInt(to, 16)])
const isInFont = (character) => {
  const code = character.codePointAt(0)
  return ranges.some(([from, to]) => code >= from && code <= to)
}

it('draws nothing that the bundled font has no glyph for', async () => {
  const input = new PassThrough()
  let printed = ''
  const screen = createScreen({ input, output: { write: (text) => (printed += text) } })
  screen.greet([])
  screen.greet([{ prompt: 'Plan it', outcome: 'Wrote 2 files.' }])
  screen.said('Plan it')
  screen.says('I write a plan.')
  screen.tool('Write', 'PLAN.md')
  screen.result('Wrote 3 lines')
  screen.changes(['one', 'two'])
  screen.refused('Denied here')
  await screen.think('Thinking', 1)
  const answer = screen.ask('May I?').answer
  input.write('y')
  expect(await answer).toBe('allow')
  const read = screen.readPrompt()
  input.write('next\r')
  expect(await read).toBe('next')
  screen.close()
  // Titles are drawn by the window.
  // oxlint-disable-next-line no-control-regex -- the sequence of a title is meant
  const drawn = printed.replace(/\x1b\]0;.*?\x07/g, '')
  expect(drawn).toContain('Wrote 3 lines')
  expect([...new Set(drawn)].filter((character) => character >= ' ' && !isInFont(character))).toEqual([])
})
