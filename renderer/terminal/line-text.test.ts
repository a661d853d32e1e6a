import { Terminal } from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { readLine } from './line-text.ts'

const screenWith = async (data: string, cols = 20) => {
  const terminal = new Terminal({ cols, rows: 10, allowProposedApi: true, logLevel: 'off' })
  await new Promise<void>((resolve) => terminal.write(data, resolve))
  return terminal.buffer.active
}

describe('a line of the screen', () => {
  it('joins wrapped rows, whichever of them is asked for', async () => {
    const buffer = await screenWith(`first\r\nsrc/a/very/long/path/to/a/file.ts:12\r\nlast`)
    for (const row of [1, 2]) {
      const line = readLine(buffer, row)!
      expect(line.text.trimEnd()).toBe('src/a/very/long/path/to/a/file.ts:12')
      expect(line.rangeOf(0, 36)).toEqual({ start: { x: 1, y: 2 }, end: { x: 16, y: 3 } })
    }
    expect(readLine(buffer, 3)?.text.trimEnd()).toBe('last')
  })

  it('knows the cells of text behind wide and combined characters', async () => {
    const line = readLine(await screenWith('日本 é x.ts'), 0)!
    const start = line.text.indexOf('x.ts')
    expect(line.rangeOf(start, start + 4)).toEqual({ start: { x: 8, y: 1 }, end: { x: 11, y: 1 } })
    expect(line.rangeOf(0, 1)).toEqual({ start: { x: 1, y: 1 }, end: { x: 2, y: 1 } })
  })

  it('reads only so many rows of an endless line', async () => {
    const buffer = await screenWith('x'.repeat(5_000))
    expect(readLine(buffer, 200)!.text.length).toBeLessThanOrEqual(24 * 20)
  })

  it('finds nothing beyond the buffer', async () => {
    expect(readLine(await screenWith(''), 5_000)).toBeNull()
  })
})
