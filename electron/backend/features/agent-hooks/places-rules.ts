/** A folder in which somebody works on the project. */
export interface WorkFolder {
  /** Absolute, real, with "/" between its parts. */
  readonly path: string
  readonly branch: string | null
  /** Whose it is, in words: "the session “Fix the parser”". */
  readonly owner: string
}

/** Where a session stands among the folders of its project. */
export interface Places {
  readonly own: WorkFolder
  /** The worktrees of other sessions, and the project's own checkout where that is not the session's. */
  readonly others: readonly WorkFolder[]
  readonly home: string
  readonly ignoresCase: boolean
}

/** An absolute path without "." and ".."; null when it is relative to a folder that is not known. */
export const resolvePath = (from: string | null, text: string, home: string): string | null => {
  const slashed =
    /^[A-Za-z]:\\/.test(text) || (from !== null && /^[A-Za-z]:/.test(from)) ? text.replaceAll('\\', '/') : text
  const tilde = slashed === '~' || slashed.startsWith('~/') ? home + slashed.slice(1) : slashed
  const isAbsolute = tilde.startsWith('/') || /^[A-Za-z]:\//.test(tilde)
  if (!isAbsolute && from === null) return null
  const parts: string[] = []
  for (const part of (isAbsolute ? tilde : `${from ?? ''}/${tilde}`).split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  const [first = ''] = parts
  return /^[A-Za-z]:$/.test(first) ? parts.join('/') : `/${parts.join('/')}`
}

export const isWithin = (path: string, folder: string, ignoresCase: boolean): boolean => {
  const [a, b] = ignoresCase ? [path.toLowerCase(), folder.toLowerCase()] : [path, folder]
  return a === b || a.startsWith(b.endsWith('/') ? b : `${b}/`)
}

/** The other's folder that a path lies in; null in one's own, and outside of the project. Worktrees may lie in each other. */
export const otherAt = (places: Places, path: string): WorkFolder | null => {
  const holding = [places.own, ...places.others].filter((folder) => isWithin(path, folder.path, places.ignoresCase))
  const deepest = holding.toSorted((a, b) => b.path.length - a.path.length)[0]
  return deepest === undefined || deepest === places.own ? null : deepest
}

/** What would go with a path that is deleted or moved: another's folder that it lies in or that lies in it. */
export const otherLostWith = (places: Places, path: string): WorkFolder | null =>
  otherAt(places, path) ?? places.others.find((folder) => isWithin(folder.path, path, places.ignoresCase)) ?? null

/** Worktrees that Claude Code makes for itself and its subagents, below the one it was started in. */
const agentWorktree = /^\.claude\/worktrees\/[^/]+\//

/** A path below one's own folder as the repository knows it; null for every other path. */
export const pathInRepository = (places: Places, path: string): string | null =>
  isWithin(path, places.own.path, places.ignoresCase) && path.length > places.own.path.length
    ? path.slice(places.own.path.length).replace(/^\//, '').replace(agentWorktree, '')
    : null

/** What an agent is told, with what it may do instead. */
export const refusal = (places: Places, what: string, { owner, path }: WorkFolder): string =>
  `${what} the worktree of ${owner} (${path}). Stay in your own worktree (${places.own.path}). If it has to be done, ask its owner (mail_send) or the person (ask_human).`
