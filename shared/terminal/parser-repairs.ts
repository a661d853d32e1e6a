/** The parts of a terminal of xterm.js (headless or in a page) that the repairs need. */
export interface RepairableTerminal {
  readonly cols: number
  readonly rows: number
  readonly buffer: { readonly active: { readonly cursorX: number; readonly cursorY: number } }
  readonly parser: {
    registerCsiHandler(
      id: { readonly prefix?: string; readonly final: string },
      handler: (params: readonly (number | number[])[]) => boolean,
    ): { dispose(): void }
  }
}

interface Eraser {
  eraseInDisplay(
    params: { readonly params: readonly number[]; readonly length: number },
    respectProtect: boolean,
  ): boolean
}

/**
 * Mends sequences on which the parser of xterm.js 6.0.0 throws, after which the terminal shows nothing any more. The
 * only one known: erasing from the start to the cursor (CSI 1 J) with the cursor in the bottom right corner and no
 * scroll-back. There it means to erase everything, which does not throw. Returns the disposal.
 */
export const repairParser = (terminal: RepairableTerminal): (() => void) => {
  const eraser = (terminal as unknown as { readonly _core: { readonly _inputHandler: Eraser } })._core._inputHandler
  const repairs = [undefined, '?'].map((prefix) =>
    terminal.parser.registerCsiHandler({ ...(prefix ? { prefix } : {}), final: 'J' }, (params) => {
      const { cursorX, cursorY } = terminal.buffer.active
      if (params[0] !== 1 || cursorY !== terminal.rows - 1 || cursorX < terminal.cols - 1) return false
      return eraser.eraseInDisplay({ params: [2], length: 1 }, prefix === '?')
    }),
  )
  return () => {
    for (const repair of repairs) repair.dispose()
  }
}
