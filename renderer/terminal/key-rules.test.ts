import { describe, expect, it } from 'vitest'
import { decideKey, type KeyContext, type KeyPress } from './key-rules.ts'

const press = (keys: string): KeyPress => {
  const parts = keys.split('+')
  const key = parts.at(-1)!
  return {
    key: key.length === 1 && parts.includes('Shift') ? key.toUpperCase() : key,
    code: key.length === 1 ? `Key${key.toUpperCase()}` : key,
    ctrlKey: parts.includes('Ctrl'),
    shiftKey: parts.includes('Shift'),
    altKey: parts.includes('Alt'),
    metaKey: parts.includes('Cmd'),
    isComposing: false,
  }
}
const decide = (keys: string, context: Partial<KeyContext> = {}) =>
  decideKey(press(keys), { isMac: false, hasSelection: false, ...context })

describe('keys in a terminal', () => {
  it('gives a new line for Shift+Enter and leaves the other Enters alone', () => {
    expect(decide('Shift+Enter')).toEqual({ kind: 'send', data: '\x1b\r' })
    for (const keys of ['Enter', 'Ctrl+Enter', 'Alt+Enter', 'Ctrl+Shift+Enter'])
      expect(decide(keys)).toEqual({ kind: 'program' })
  })

  it('leaves every control letter to the program off macOS', () => {
    for (const letter of 'abcdefghijklmnopqrstuvwxyz')
      expect(decide(`Ctrl+${letter}`, { hasSelection: true }), letter).toEqual({ kind: 'program' })
  })

  it('has the clipboard on Ctrl+Shift, Insert and Command', () => {
    expect(decide('Ctrl+Shift+c')).toEqual({ kind: 'copy' })
    expect(decide('Ctrl+Shift+v')).toEqual({ kind: 'paste' })
    expect(decide('Ctrl+Shift+a')).toEqual({ kind: 'select-all' })
    expect(decide('Shift+Insert')).toEqual({ kind: 'paste' })
    expect(decide('Ctrl+Insert', { hasSelection: true })).toEqual({ kind: 'copy' })
    expect(decide('Cmd+c', { isMac: true })).toEqual({ kind: 'copy' })
    expect(decide('Cmd+v', { isMac: true })).toEqual({ kind: 'paste' })
    expect(decide('Ctrl+Shift+v', { isMac: true })).toEqual({ kind: 'program' })
  })

  it('finds the clipboard letters on layouts that are not Latin', () => {
    expect(decideKey({ ...press('Ctrl+Shift+c'), key: 'С' }, { isMac: false, hasSelection: false })).toEqual({
      kind: 'copy',
    })
  })

  it('never takes a key from an input method', () => {
    const composing = { ...press('Shift+Enter'), isComposing: true }
    expect(decideKey(composing, { isMac: false, hasSelection: false })).toEqual({ kind: 'program' })
  })
})
