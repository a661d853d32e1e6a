import { describe, expect, it } from 'vitest'
import { matchCommand, type KeyPlace } from '../../lib/shortcuts.ts'
import { createTerminalsController } from './dock-state.ts'
import { createTerminalCommands } from './terminals-commands.ts'
import type { TileActions } from './tile-actions.ts'

const createCommands = (isMac: boolean, tileCount = 2) => {
  const controller = createTerminalsController()
  controller.state.setState({ active: 'session:a', visible: [], tileCount, isMaximised: false })
  const log: string[] = []
  const actions = new Proxy({} as TileActions, {
    get: (_, name: string) => (view: string, where?: string) => log.push([name, view, where].filter(Boolean).join(' ')),
  })
  return { controller, log, commands: createTerminalCommands({ controller, actions, isMac }) }
}

const press = (keys: string) => {
  const parts = keys.split('+')
  const key = parts.at(-1) ?? ''
  const code = key.length === 1 ? `Key${key.toUpperCase()}` : key
  const isHeld = (name: string) => parts.includes(name)
  return {
    key,
    code,
    getModifierState: (name: string) => isHeld(name),
    ctrlKey: isHeld('Control'),
    shiftKey: isHeld('Shift'),
    altKey: isHeld('Alt'),
    metaKey: isHeld('Meta'),
  } as unknown as KeyboardEvent
}

const inTerminal = (isMac: boolean): KeyPlace => ({ isMac, isInTerminal: true, isInField: true })
const outside = (isMac: boolean): KeyPlace => ({ isMac, isInTerminal: false, isInField: false })

describe('the commands of the tiles', () => {
  it('leave every control letter to the program in a terminal', () => {
    const { commands } = createCommands(false)
    for (const letter of 'abcdefghijklmnopqrstuvwxyz')
      expect(matchCommand(commands, press(`Control+${letter}`), inTerminal(false)), letter).toBeUndefined()
  })

  it('take Command letters in a terminal on macOS, which no program gets', () => {
    const { commands } = createCommands(true)
    const idOf = (keys: string) => matchCommand(commands, press(keys), inTerminal(true))?.id
    expect(idOf('Meta+d')).toBe('terminals.split-right')
    expect(idOf('Meta+Shift+d')).toBe('terminals.split-down')
    expect(idOf('Meta+f')).toBe('terminals.find')
    expect(idOf('Meta+k')).toBe('terminals.clear')
    expect(idOf('Meta+w')).toBe('terminals.close')
    expect(idOf('Meta+t')).toBe('session.shell')
  })

  it('can all be reached from a terminal elsewhere too', () => {
    const { commands } = createCommands(false)
    const idOf = (keys: string) => matchCommand(commands, press(keys), inTerminal(false))?.id
    expect(idOf('Alt+Shift+d')).toBe('terminals.split-right')
    expect(idOf('Control+Shift+d')).toBe('terminals.split-down')
    expect(idOf('Control+Shift+f')).toBe('terminals.find')
    expect(idOf('Control+Shift+k')).toBe('terminals.clear')
    expect(idOf('Alt+Shift+w')).toBe('terminals.close')
    expect(idOf('Alt+Shift+t')).toBe('session.shell')
    expect(idOf('Alt+ArrowLeft')).toBe('terminals.go-left')
  })

  it('leave Alt and arrows to the program where there is no neighbour', () => {
    expect(matchCommand(createCommands(false, 1).commands, press('Alt+ArrowLeft'), inTerminal(false))).toBeUndefined()
    const { controller, commands } = createCommands(false)
    controller.state.setState({ isMaximised: true })
    expect(matchCommand(commands, press('Alt+ArrowLeft'), inTerminal(false))).toBeUndefined()
  })

  it('clear only from within a terminal', () => {
    expect(matchCommand(createCommands(true).commands, press('Meta+k'), outside(true))).toBeUndefined()
  })

  it('act on the tile that is worked in, and on none when there is none', () => {
    const { controller, commands, log } = createCommands(false)
    const split = commands.find((command) => command.id === 'terminals.split-right')
    split?.run()
    expect(log).toEqual(['split session:a right'])
    controller.state.setState({ active: null })
    expect(split?.isEnabled?.()).toBe(false)
    split?.run()
    expect(log).toHaveLength(1)
  })

  it('have titles and ids of their own', () => {
    const { commands } = createCommands(false)
    expect(new Set(commands.map((command) => command.id)).size).toBe(commands.length)
    expect(new Set(commands.map((command) => command.title)).size).toBe(commands.length)
  })
})
