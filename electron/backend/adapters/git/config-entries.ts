/** One line of `git config --list -z --show-scope --show-origin`. Names have section and key in lower case. */
export interface ConfigEntry {
  readonly scope: string
  readonly origin: string
  readonly name: string
  readonly value: string
}

/** Parses `git config --list -z --show-scope --show-origin`: scope NUL origin NUL name LF value NUL. */
export function parseConfigEntries(output: string): readonly ConfigEntry[] {
  const fields = output.split('\0')
  const entries: ConfigEntry[] = []
  for (let index = 0; index + 2 < fields.length; index += 3) {
    const line = fields[index + 2] ?? ''
    const cut = line.indexOf('\n')
    // A key without "=" has no line feed: git reads it as true.
    const name = cut < 0 ? line : line.slice(0, cut)
    const value = cut < 0 ? 'true' : line.slice(cut + 1)
    entries.push({ scope: fields[index] ?? '', origin: fields[index + 1] ?? '', name, value })
  }
  return entries
}

/** The last value wins, as in git. */
export function findConfigValue(entries: readonly ConfigEntry[], name: string): string | null {
  return entries.findLast((entry) => entry.name === name)?.value ?? null
}

/** True for what an agent can write: the repository's own files, not the person's or the machine's. */
export function isRepositoryScope(scope: string): boolean {
  return scope === 'local' || scope === 'worktree'
}
