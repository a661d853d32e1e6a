import { describe, expect, it, vi } from 'vitest'
import { createCommandRegistry, type Command } from './commands.ts'

const command = (id: string, change: Partial<Command> = {}): Command => ({
  id,
  title: id,
  group: 'View',
  keys: [],
  run: () => {},
  ...change,
})

describe('the command registry', () => {
  it('holds what was registered until it is taken back', () => {
    const registry = createCommandRegistry()
    const removeFirst = registry.register([command('a'), command('b')])
    registry.register([command('c')])
    expect(registry.store.getState().commands.map((one) => one.id)).toEqual(['a', 'b', 'c'])
    removeFirst()
    expect(registry.store.getState().commands.map((one) => one.id)).toEqual(['c'])
  })

  it('lets a later registration stand in for an earlier one with the same id', () => {
    const registry = createCommandRegistry()
    registry.register([command('a', { title: 'First' })])
    const removeSecond = registry.register([command('a', { title: 'Second' })])
    expect(registry.find('a')?.title).toBe('Second')
    removeSecond()
    expect(registry.find('a')?.title).toBe('First')
  })

  it('runs by id and says whether it did', () => {
    const registry = createCommandRegistry()
    const run = vi.fn()
    registry.register([command('a', { run }), command('off', { run, isEnabled: () => false })])
    expect(registry.run('a')).toBe(true)
    expect(registry.run('off')).toBe(false)
    expect(registry.run('unknown')).toBe(false)
    expect(run).toHaveBeenCalledTimes(1)
  })
})
