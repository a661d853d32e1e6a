import { describe, expect, it, vi } from 'vitest'
import { reviewCommands, type ReviewKeys } from './review-commands.ts'

const createKeys = () => ({
  file: vi.fn<ReviewKeys['file']>(),
  hunk: vi.fn<ReviewKeys['hunk']>(),
  scope: vi.fn<ReviewKeys['scope']>(),
  toggleFile: vi.fn(),
  toggleHunk: vi.fn(),
  fold: vi.fn(),
  act: vi.fn<ReviewKeys['act']>(),
  undoStaging: vi.fn(),
  filter: vi.fn(),
  find: vi.fn(),
  toggleStyle: vi.fn(),
  toggleWhitespace: vi.fn(),
  toggleWrap: vi.fn(),
  refresh: vi.fn(),
})

describe('the commands of a review', () => {
  it('have a name of their own and one key each, which counts only outside terminals', () => {
    const commands = reviewCommands(createKeys())
    expect(new Set(commands.map(({ id }) => id)).size).toBe(commands.length)
    expect(new Set(commands.map(({ keys }) => keys[0]?.press)).size).toBe(commands.length)
    for (const { id, group, keys } of commands) {
      expect(id).toMatch(/^review\./)
      expect(group).toBe('Review')
      expect(keys.map(({ scope }) => scope)).toEqual(['outside-terminal'])
    }
  })

  it.each([
    ['review.next-file', 'file', 1],
    ['review.previous-file', 'file', -1],
    ['review.next-hunk', 'hunk', 1],
    ['review.previous-hunk', 'hunk', -1],
    ['review.next-scope', 'scope', 1],
    ['review.previous-scope', 'scope', -1],
  ] as const)('%s goes by one', (id, name, by) => {
    const keys = createKeys()
    reviewCommands(keys)
      .find((one) => one.id === id)
      ?.run()
    expect(keys[name].mock.calls).toEqual([[by]])
  })

  it('do one thing each, and all that there is to do', () => {
    const keys = createKeys()
    for (const { run } of reviewCommands(keys)) run()
    const { file, hunk, scope, act, ...others } = keys
    for (const twice of [file, hunk, scope]) expect(twice).toHaveBeenCalledTimes(2)
    expect(act.mock.calls.flat()).toEqual(['stage', 'unstage', 'discard', 'revert'])
    for (const once of Object.values(others)) expect(once).toHaveBeenCalledTimes(1)
  })
})
