import { useLayoutEffect } from 'react'
import type { CommandRegistry } from '../lib/commands.ts'
import { isMac } from '../lib/platform.ts'
import { matchCommand } from '../lib/shortcuts.ts'

const dialogSelector = '[role="dialog"], [role="alertdialog"], [role="menu"], [role="listbox"].popup'

/** Listens for the keys of every command, before a focused terminal sees them. */
export const useShortcuts = (registry: CommandRegistry): void => {
  // Before the first picture: a key pressed as soon as the window is seen must not be lost.
  useLayoutEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      // A dialog has the keyboard to itself: no command may pull the screen away beneath it.
      if (event.defaultPrevented || event.isComposing || document.querySelector(dialogSelector) !== null) return
      const target = event.target instanceof Element ? event.target : null
      const command = matchCommand(registry.store.getState().commands, event, {
        isMac,
        isInTerminal: target?.closest('.xterm') != null,
        isInField: target?.closest('input, textarea, [contenteditable="true"]') != null,
      })
      if (command === undefined) return
      event.preventDefault()
      event.stopPropagation()
      command.run()
    }
    window.addEventListener('keydown', onKey, { capture: true })
    return () => window.removeEventListener('keydown', onKey, { capture: true })
  }, [registry])
}
