/** What was heard of a worktree since it was last looked at. Paths are relative to it, with `/`. */
export interface Touched {
  readonly paths: ReadonlySet<string>
  /** Too much to name, or news was lost: everything has to be looked at. */
  readonly isAll: boolean
  /** The index or HEAD changed. */
  readonly isIndex: boolean
}

export const untouched: Touched = { paths: new Set(), isAll: false, isIndex: false }

/** With more paths than this, one look at everything is cheaper than to name them. */
export const mostNamedPaths = 400
/** All names together stay far below what a system allows as arguments of a process. */
const mostNamedChars = 64 * 1024

export function addTouched(before: Touched, paths: readonly string[]): Touched {
  if (before.isAll) return before
  const all = new Set([...before.paths, ...paths])
  return all.size > mostNamedPaths ? { ...before, paths: new Set(), isAll: true } : { ...before, paths: all }
}

export function isTouched({ paths, isAll, isIndex }: Touched): boolean {
  return isAll || isIndex || paths.size > 0
}

/** A path below `folder` as git names it; null for the folder itself, for others, and for what is git's own. */
export function pathWithin(folder: string, path: string): string | null {
  const isWindows = /^[A-Za-z]:\\|^\\\\/.test(folder)
  const plain = (text: string): string => (isWindows ? text.replaceAll('\\', '/') : text)
  const top = `${plain(folder)}/`
  if (!plain(path).startsWith(top)) return null
  const within = plain(path).slice(top.length)
  return within === '' || within.split('/').includes('.git') ? null : within
}

/** What decides what is ignored: with a change of it anything may have become visible. */
export function changesIgnoring(path: string): boolean {
  return path === '.gitignore' || path.endsWith('/.gitignore')
}

/**
 * Raw names (bytes as latin1) as arguments of git; null when they cannot be named: too many, or not UTF-8, in which alone
 * Node can hand them over.
 */
export function toPathspecs(rawPaths: ReadonlySet<string>): readonly string[] | null {
  if (rawPaths.size > mostNamedPaths) return null
  let chars = 0
  const paths: string[] = []
  for (const raw of rawPaths) {
    const path = new TextDecoder().decode(bytesOf(raw))
    chars += path.length
    if (path.includes('\uFFFD') || chars > mostNamedChars) return null
    paths.push(path)
  }
  return paths
}

/** A path as git's output has it when read byte by byte. */
export function toRawPath(path: string): string {
  return Array.from(new TextEncoder().encode(path), (byte) => String.fromCharCode(byte)).join('')
}

const bytesOf = (raw: string): Uint8Array => Uint8Array.from(raw, (char) => char.charCodeAt(0))
