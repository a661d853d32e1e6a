import type { IDisposable, IParser } from '@xterm/xterm'

/**
 * Keeps an xterm of the page from answering what programs ask terminals: the one screen that answers is in the PTY host,
 * where it is also heard when nobody watches. A second answer would arrive as if it had been typed. Everything else that
 * a program prints is drawn as usual.
 */
export const silenceQueries = (parser: IParser): IDisposable[] => {
  const swallow = () => true
  return [
    // Device attributes, primary, secondary and tertiary.
    parser.registerCsiHandler({ final: 'c' }, swallow),
    parser.registerCsiHandler({ prefix: '>', final: 'c' }, swallow),
    parser.registerCsiHandler({ prefix: '=', final: 'c' }, swallow),
    // Status and cursor position.
    parser.registerCsiHandler({ final: 'n' }, swallow),
    parser.registerCsiHandler({ prefix: '?', final: 'n' }, swallow),
    // Modes.
    parser.registerCsiHandler({ intermediates: '$', final: 'p' }, swallow),
    parser.registerCsiHandler({ prefix: '?', intermediates: '$', final: 'p' }, swallow),
    // Sizes and titles; also moving and resizing windows, which a program has no business doing.
    parser.registerCsiHandler({ final: 't' }, swallow),
    // Name and version, keyboard protocol.
    parser.registerCsiHandler({ prefix: '>', final: 'q' }, swallow),
    parser.registerCsiHandler({ prefix: '?', final: 'u' }, swallow),
    // Settings (DECRQSS) and terminfo (XTGETTCAP).
    parser.registerDcsHandler({ intermediates: '$', final: 'q' }, swallow),
    parser.registerDcsHandler({ intermediates: '+', final: 'q' }, swallow),
    // Colours: setting them is drawing, asking for them is not.
    ...[4, 10, 11, 12].map((ident) => parser.registerOscHandler(ident, (data) => data.includes('?'))),
  ]
}

/**
 * xterm reports focus whenever a program switches that on, so restoring a screen would type into the program. These two
 * reports are therefore taken out of what xterm sends, and `createFocusReporter` sends them when the focus truly moves.
 */
export const isFocusReport = (data: string) => data === focusIn || data === focusOut

const focusIn = '\x1b[I'
const focusOut = '\x1b[O'

/** Tells a program that asked for it where the focus is: only changes, and nothing before the first one. */
export const createFocusReporter = (deps: {
  readonly isWanted: () => boolean
  readonly send: (data: string) => void
}) => {
  let last: boolean | null = null
  return (isFocused: boolean) => {
    if (isFocused === last || (last === null && !isFocused)) return
    last = isFocused
    if (deps.isWanted()) deps.send(isFocused ? focusIn : focusOut)
  }
}
