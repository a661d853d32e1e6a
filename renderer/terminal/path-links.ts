/** A file named in a line of terminal text: where in the line, and what it names. */
export interface PathMatch {
  readonly start: number
  readonly end: number
  readonly path: string
  readonly line: number | null
}

// A path, then `:12`, `:12:3`, `(12,3)` or `", line 12` as compilers, test runners and stack traces write it.
// Spaces end a path: names with spaces cannot be told from prose.
const pathPattern =
  /(?<![\w@%+~./\\-])((?:[a-zA-Z]:[\\/]|~\/|\.{1,2}\/|\/)?[\w@%+~.-]+(?:[\\/](?:[\w@%+~.[\]-]|\((?!\d)[\w-]+\))+)*)(?:(?::(\d{1,7})(?::\d{1,6})?)|(?:\((\d{1,7})(?:,\s?\d{1,6})?\))|(?:"?,? line (\d{1,7})))?/g

// Endings that are far more often a file than a word, so that a bare `package.json` is a link and "e.g." is not.
const bareFileEnding =
  /\.(?:[cm]?[jt]sx?|json[c5]?|md|mdx|css|scss|less|html?|vue|svelte|astro|py|pyi|rb|rs|go|java|kts?|swift|c|cc|cpp|h|hpp|cs|fs|php|sh|bash|zsh|fish|sql|ya?ml|toml|ini|cfg|conf|env|lock|txt|csv|xml|svg|proto|graphql|prisma|tf|ex|exs|erl|hs|lua|dart|scala|zig|nix|gradle|mod|sum|snap|log|patch|diff)$/i

/** The files named in a line of text. Addresses (`https://…`) are left to the web links. */
export const findPaths = (text: string): PathMatch[] => {
  const addresses = [...text.matchAll(/\b[a-z][\w+.-]*:\/\/\S+/gi)].map(({ index, 0: found }) => [
    index,
    index + found.length,
  ])
  const isInAddress = (at: number) => addresses.some(([start = 0, end = 0]) => at >= start && at < end)
  return [...text.matchAll(pathPattern)].flatMap((match) => {
    const [whole, written = '', colon, parens, word] = match
    if (isInAddress(match.index)) return []
    const path = trimTail(written)
    const lineText = path === written ? (colon ?? parens ?? word) : undefined
    const line = lineText === undefined ? null : Number(lineText)
    if (!isLikelyFile(path, line !== null)) return []
    const end = match.index + (line === null ? path.length : whole.length)
    return [{ start: match.index, end, path, line: line === 0 ? null : line }]
  })
}

/** Punctuation of the sentence around it, and an unopened bracket, are not part of a name. */
const trimTail = (written: string): string => {
  let path = written
  for (;;) {
    const last = path.at(-1)
    const isPunctuation = last === '.' || last === ',' || last === '-'
    const isUnopened = (last === ')' && !path.includes('(')) || (last === ']' && !path.includes('['))
    if (!isPunctuation && !isUnopened) return path
    path = path.slice(0, -1)
  }
}

const isLikelyFile = (path: string, hasLine: boolean): boolean => {
  const segments = path.split(/[\\/]/)
  const name = segments.at(-1) ?? ''
  if (name === '' || /^[\d.,%+-]+$/.test(name)) return false
  if (bareFileEnding.test(name)) return true
  // Without a known ending it takes a folder and either a line number or a dot in the name: "and/or" is no file.
  const isRooted = /^(\/|~\/|\.{1,2}\/|[a-zA-Z]:[\\/])/.test(path)
  if (segments.length < 2) return false
  return hasLine || (isRooted && segments.length > 2) || /\.\w{1,8}$/.test(name)
}

/**
 * The absolute path that a printed one names, or null when it leaves `root`, which is all that may be opened.
 * `cwd` is where the terminal was started; both are absolute.
 */
export const resolveInside = (printed: string, cwd: string, root: string): string | null => {
  if (printed.startsWith('~')) return null
  const isWindows = /^[a-z]:[\\/]/i.test(root)
  const separator = isWindows ? '\\' : '/'
  const split = (path: string) => path.split(isWindows ? /[\\/]/ : '/').filter((part) => part !== '' && part !== '.')
  const isAbsolute = isWindows ? /^[a-z]:[\\/]/i.test(printed) : printed.startsWith('/')
  const parts: string[] = []
  for (const part of isAbsolute ? split(printed) : [...split(cwd), ...split(printed)]) {
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  const rootParts = split(root)
  const same = (a: string, b: string) => (isWindows ? a.toLowerCase() === b.toLowerCase() : a === b)
  if (rootParts.length === 0 || !rootParts.every((part, at) => same(part, parts[at] ?? ''))) return null
  return (isWindows ? '' : separator) + parts.join(separator)
}
