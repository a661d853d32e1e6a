import { createContext, useContext, useLayoutEffect, type ReactNode } from 'react'
import { useStore } from 'zustand'
import type { Command, CommandRegistry } from './commands.ts'

const CommandContext = createContext<CommandRegistry | null>(null)

export const CommandProvider = ({
  registry,
  children,
}: {
  readonly registry: CommandRegistry
  readonly children: ReactNode
}) => <CommandContext value={registry}>{children}</CommandContext>

export const useCommandRegistry = (): CommandRegistry => {
  const registry = useContext(CommandContext)
  if (registry === null) throw new Error('A screen was drawn outside CommandProvider.')
  return registry
}

/**
 * Adds commands while the component is shown. Keep the array stable (`useMemo`): a new one registers again. Before the
 * picture is drawn: what a person sees already answers to its keys.
 */
export const useCommands = (commands: readonly Command[]): void => {
  const registry = useCommandRegistry()
  useLayoutEffect(() => registry.register(commands), [registry, commands])
}

/** A command by its id, for a button or menu entry that shows its title and key. */
export const useCommand = (id: string): Command | undefined =>
  useStore(useCommandRegistry().store, (state) => state.commands.find((command) => command.id === id))
