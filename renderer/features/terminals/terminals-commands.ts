import type { Command, CommandKey } from '../../lib/commands.ts'
import type { Direction, TerminalsController } from './dock-state.ts'
import type { TileActions } from './tile-actions.ts'
import { presets } from './tile-layout.ts'
import type { ViewId } from './view-ids.ts'

interface CommandDeps {
  readonly controller: TerminalsController
  readonly actions: TileActions
  readonly isMac: boolean
}

const key = (press: string, scope: CommandKey['scope'] = 'auto'): CommandKey => ({ press, scope })

/**
 * The commands of the tiles. A control letter belongs to the program in a focused terminal, and a browser keeps some for
 * itself, so each of those has a second key that always arrives.
 */
export const createTerminalCommands = (deps: CommandDeps): readonly Command[] => [
  ...viewCommands(deps),
  ...textCommands(deps),
  ...moveCommands(deps),
  ...presetCommands(deps),
]

const withActive = ({ controller }: CommandDeps) => {
  const active = () => controller.state.getState().active
  return (act: (view: ViewId) => void) => ({
    isEnabled: () => active() !== null,
    run: () => {
      const view = active()
      if (view !== null) act(view)
    },
  })
}

const viewCommands = (deps: CommandDeps): Command[] => {
  const { actions } = deps
  const on = withActive(deps)
  const group = 'Terminals'
  return [
    {
      id: 'session.shell',
      title: 'Open a shell in the worktree',
      group: 'Sessions',
      keys: [key('$mod+t'), key('Alt+Shift+t', 'everywhere')],
      ...on((view) => actions.split(view, 'within')),
    },
    {
      id: 'terminals.split-right',
      title: 'Split right with a shell',
      group,
      keys: [key('$mod+d'), key('Alt+Shift+d', 'everywhere')],
      ...on((view) => actions.split(view, 'right')),
    },
    {
      id: 'terminals.split-down',
      title: 'Split down with a shell',
      group,
      keys: [key('$mod+Shift+d', 'everywhere')],
      ...on((view) => actions.split(view, 'below')),
    },
    {
      id: 'terminals.maximise',
      title: 'Maximise or restore the tile',
      group,
      keys: [key('$mod+Shift+Enter', 'everywhere')],
      keywords: ['zoom', 'full'],
      ...on(actions.toggleMaximised),
    },
    {
      id: 'terminals.close',
      title: 'Close the tile',
      group,
      keys: [key('$mod+w'), key('Alt+Shift+w', 'everywhere')],
      ...on(actions.close),
    },
    {
      id: 'terminals.editor',
      title: 'Open the folder in your editor',
      group,
      keys: [],
      ...on(actions.openFolder),
    },
  ]
}

const textCommands = (deps: CommandDeps): Command[] => {
  const { actions, isMac } = deps
  const on = withActive(deps)
  const group = 'Terminals'
  return [
    {
      id: 'terminals.find',
      title: 'Find in the terminal',
      group,
      keys: isMac
        ? [key('$mod+f', 'everywhere')]
        : [key('$mod+Shift+f', 'everywhere'), key('$mod+f', 'outside-terminal')],
      keywords: ['search'],
      ...on(actions.find),
    },
    {
      id: 'terminals.clear',
      title: 'Clear the terminal',
      group,
      keys: [key(isMac ? '$mod+k' : '$mod+Shift+k', 'in-terminal')],
      ...on(actions.clear),
    },
    {
      id: 'terminals.copy-all',
      title: 'Copy all text of the terminal',
      group,
      keys: [],
      keywords: ['output', 'scrollback', 'history'],
      ...on(actions.copyAll),
    },
  ]
}

const moves: readonly (readonly [Direction, string, string])[] = [
  ['left', 'ArrowLeft', 'left'],
  ['right', 'ArrowRight', 'right'],
  ['up', 'ArrowUp', 'above'],
  ['down', 'ArrowDown', 'below'],
]

const moveCommands = ({ controller }: CommandDeps): Command[] => {
  // With a single tile the arrows stay the program's: shells move by words with them.
  const hasNeighbours = () => controller.state.getState().tileCount > 1 && !controller.state.getState().isMaximised
  const hasTiles = () => controller.state.getState().active !== null
  return [
    ...moves.map(([direction, arrow, word]): Command => ({
      id: `terminals.go-${direction}`,
      title: `Go to the tile ${word === 'above' || word === 'below' ? word : `on the ${word}`}`,
      group: 'Terminals',
      keys: [key(`Alt+${arrow}`, 'everywhere')],
      isHidden: true,
      isEnabled: hasNeighbours,
      run: () => controller.run((dock) => dock.focusNeighbour(direction)),
    })),
    {
      id: 'terminals.next',
      title: 'Next terminal',
      group: 'Terminals',
      keys: [key('$mod+Shift+BracketRight', 'everywhere')],
      isEnabled: hasTiles,
      run: () => controller.run((dock) => dock.cycle(1)),
    },
    {
      id: 'terminals.previous',
      title: 'Previous terminal',
      group: 'Terminals',
      keys: [key('$mod+Shift+BracketLeft', 'everywhere')],
      isEnabled: hasTiles,
      run: () => controller.run((dock) => dock.cycle(-1)),
    },
  ]
}

const presetCommands = ({ controller }: CommandDeps): Command[] =>
  presets.map((count) => ({
    id: `terminals.tiles-${count}`,
    title: count === 1 ? 'Show one tile' : `Show up to ${count} tiles`,
    group: 'Terminals',
    keys: [],
    keywords: ['grid', 'layout', 'split'],
    isEnabled: () => controller.state.getState().tileCount > 0,
    run: () => controller.run((dock) => dock.setPreset(count)),
  }))
