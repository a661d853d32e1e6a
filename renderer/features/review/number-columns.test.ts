import { describe, expect, it } from 'vitest'
import { showOldNumbers } from './number-columns.ts'

/** As much of an element as is touched. */
const element = (dataset: Readonly<Record<string, string>>) => ({ dataset: { ...dataset } as Record<string, string> })

const drawn = (lines: readonly unknown[], numbers: readonly unknown[]) => {
  const code = { querySelectorAll: (selector: string) => (selector === '[data-alt-line]' ? lines : numbers) }
  const shadowRoot = { querySelectorAll: (selector: string) => (selector === '[data-unified]' ? [code] : []) }
  return { shadowRoot } as unknown as HTMLElement
}

describe('the numbers of a line in one column of code', () => {
  it('are the old and the new one where both versions have it, and one where only one has', () => {
    const lines = [element({ lineIndex: '0,0', altLine: '41' }), element({ lineIndex: '3,2', altLine: '43' })]
    const numbers = ['0,0', '1,1', '2,1', '3,2'].map((lineIndex) => element({ lineIndex }))
    showOldNumbers(drawn(lines, numbers))
    expect(numbers.map(({ dataset }) => dataset['oldNumber'])).toEqual(['41', undefined, undefined, '43'])
  })

  it('follow what is drawn anew, and are written only when they changed', () => {
    let writes = 0
    const dataset = new Proxy<Record<string, string>>(
      { lineIndex: '0,0' },
      { set: (target, key, value) => ((writes += 1), Reflect.set(target, key, value)) },
    )
    for (const altLine of ['4', '4', '9'])
      showOldNumbers(drawn([element({ lineIndex: '0,0', altLine })], [{ dataset }]))
    expect(dataset['oldNumber']).toBe('9')
    expect(writes).toBe(2)
  })

  it('are left alone where nothing is drawn yet', () => {
    expect(() => showOldNumbers({ shadowRoot: null } as unknown as HTMLElement)).not.toThrow()
  })
})
