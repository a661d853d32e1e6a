import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createScreenGuard } from './screen-guard.ts'

const size = { cols: 80, rows: 24 }
const guarded = (...chunks: string[]) => {
  const guard = createScreenGuard(size)
  return chunks.map((chunk) => guard.push(chunk)).join('')
}

describe('the guard of a screen', () => {
  it('lets ordinary output through as it is', () => {
    const output = 'plain \x1b[1;31mred\x1b[0m 日本 👩‍👩‍👧\r\n\x1b[2J\x1b[H\x1b[?2004h'
    expect(guarded(output)).toBe(output)
  })

  it('takes out questions, which only the host may answer', () => {
    expect(guarded('a\x1b[cb\x1b[6nc\x1b]11;?\x07d')).toBe('abcd')
  })

  it('cuts counts that would stall the parser', () => {
    for (const final of 'LMSTbZIPX') {
      expect(guarded(`x\x1b[2000000000${final}`)).not.toContain('2000000000')
    }
  })

  it('does the same however the output was cut', () => {
    const part = fc.constantFrom('a', '日', '\x1b[', '\x1b]52;c;', '31m', '99999999L', '\x07', '\r\n', '\x1b[c', '🙂')
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), fc.array(fc.nat(60), { maxLength: 10 }), (parts, cuts) => {
        const whole = parts.join('')
        const ends = [...cuts.sort((a, b) => a - b), whole.length]
        const chunks = ends.map((end, at) => whole.slice(at === 0 ? 0 : Math.min(ends[at - 1]!, whole.length), end))
        expect(guarded(...chunks)).toBe(guarded(whole))
      }),
    )
  })
})
