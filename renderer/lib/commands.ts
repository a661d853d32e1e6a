import { createStore, type StoreApi } from 'zustand/vanilla'

export type CommandGroup =
  'Sessions' | 'Terminals' | 'Tasks' | 'Review' | 'Mail' | 'View' | 'Projects' | 'Needs you' | 'Application'

/**
 * Where a key press counts. In a terminal the keys belong to the program that runs there:
 * - `auto`: not in a terminal, save for Command combinations on macOS, which no program gets;
 * - `outside-terminal`: never in a terminal, on any system;
 * - `everywhere`: also in a focused terminal;
 * - `in-terminal`: only there.
 */
export type KeyScope = 'auto' | 'outside-terminal' | 'everywhere' | 'in-terminal'

export interface CommandKey {
  /** As tinykeys writes it, one press: `$mod+Shift+U`. `$mod` is Command on macOS and Control elsewhere. */
  readonly press: string
  readonly scope: KeyScope
}

/** One thing a person can do. Palette, menus, tooltips, help and shortcuts all read this list. */
export interface Command {
  /** Feature and verb: `session.new`. */
  readonly id: string
  readonly title: string
  readonly group: CommandGroup
  /** The first one is the one that is shown. */
  readonly keys: readonly CommandKey[]
  /** Other words a person may search for. */
  readonly keywords?: readonly string[]
  /** Left out of the palette: it only makes sense as a key. */
  readonly isHidden?: boolean
  readonly isEnabled?: () => boolean
  readonly run: () => void
}

export interface CommandRegistry {
  readonly store: StoreApi<{ readonly commands: readonly Command[] }>
  /** Adds commands; the result removes them. A later command with the same id wins while it is there. */
  register(commands: readonly Command[]): () => void
  find(id: string): Command | undefined
  /** Runs a command by its id; false when it is unknown or not possible now. */
  run(id: string): boolean
}

export const createCommandRegistry = (): CommandRegistry => {
  const store: CommandRegistry['store'] = createStore(() => ({ commands: [] }))
  let batches: readonly (readonly Command[])[] = []
  const publish = () => {
    const byId = new Map(batches.flat().map((command) => [command.id, command]))
    store.setState({ commands: [...byId.values()] })
  }
  const find = (id: string) => store.getState().commands.find((command) => command.id === id)
  return {
    store,
    find,
    register: (commands) => {
      batches = [...batches, commands]
      publish()
      return () => {
        batches = batches.filter((batch) => batch !== commands)
        publish()
      }
    },
    run: (id) => {
      const command = find(id)
      if (command === undefined || command.isEnabled?.() === false) return false
      command.run()
      return true
    },
  }
}
