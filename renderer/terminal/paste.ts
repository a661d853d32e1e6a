/** What to do with text that was pasted or dropped. */
export type Paste =
  | { readonly kind: 'send'; readonly data: string }
  /** The program would run each line as it arrives: the person decides. */
  | { readonly kind: 'confirm'; readonly data: string; readonly asOneLine: string; readonly lines: number }

/**
 * Prepares pasted text. With bracketed paste the program knows where it ends, so the text must not be able to say so
 * itself; without, every newline is an Enter.
 */
export const preparePaste = (text: string, isBracketed: boolean): Paste => {
  const clean = cleanPaste(text)
  if (isBracketed) return { kind: 'send', data: `\x1b[200~${clean}\x1b[201~` }
  // One line that was copied with its newline: pasting it is not yet running it.
  const trimmed = clean.replace(/\r+$/, '')
  const lines = trimmed.split('\r').length
  if (lines <= 1) return { kind: 'send', data: trimmed }
  const asOneLine = trimmed.split(/\s*\r\s*/).join(' ')
  return { kind: 'confirm', data: clean, asOneLine, lines }
}

/**
 * Newlines become what Enter sends. Escape and the other control characters go: they would act as keys, and
 * `ESC [ 201 ~` would end the paste early and run what follows. Escape is left visible so that its loss is seen.
 */
export const cleanPaste = (text: string): string => {
  let clean = text.replace(/\r?\n/g, '\r')
  // Until none is left: taking one out may join the halves of another.
  while (terminator.test(clean)) clean = clean.replace(terminator, '')
  // oxlint-disable-next-line no-control-regex -- control characters are what is looked for
  return clean.replace(/\x1b/g, '␛').replace(/[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f]/g, '')
}

// oxlint-disable-next-line no-control-regex -- both spellings of CSI 201 ~
const terminator = /(?:\x1b\[|\x9b)201~/

/** Paths as words of a command line, for files dropped onto a terminal. */
export const quotePaths = (paths: readonly string[], isWindows: boolean): string =>
  paths.map((path) => (isWindows ? quoteForWindows(path) : quoteForPosix(path))).join(' ')

const quoteForPosix = (path: string) =>
  /^[\w@%+=:,./-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`

const quoteForWindows = (path: string) => (/^[\w@+=:,./\\-]+$/.test(path) ? path : `"${path.replaceAll('"', '')}"`)

/** The local paths in a dropped `text/uri-list`; other addresses and comments are left out. */
export const pathsOfUriList = (list: string): string[] =>
  list
    .split(/\r?\n/)
    .filter((line) => line.startsWith('file://') && URL.canParse(line))
    .flatMap((line) => {
      const { hostname, pathname } = new URL(line)
      if (hostname !== '' && hostname !== 'localhost') return []
      const path = decodePath(pathname)
      return path === null ? [] : [path]
    })

const decodePath = (pathname: string): string | null => {
  if (/%(?![0-9a-f]{2})/i.test(pathname)) return null
  const bytes = pathname.replace(/%([0-9a-f]{2})/gi, (_, code: string) =>
    String.fromCharCode(Number.parseInt(code, 16)),
  )
  const decoded = /%/.test(pathname)
    ? new TextDecoder().decode(Uint8Array.from(bytes, (character) => character.charCodeAt(0)))
    : pathname
  // Windows: /C:/folder
  return /^\/[a-z]:\//i.test(decoded) ? decoded.slice(1).replaceAll('/', '\\') : decoded
}
