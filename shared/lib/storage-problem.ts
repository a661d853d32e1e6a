/**
 * What a person can do about a disk or a database that does not do its work, by the code that SQLite or the system gave.
 * Null for everything else: that is a bug.
 */
export const storageProblem = (error: unknown): string | null => {
  const code = codeOf(error)
  return problems.find(([codes]) => codes.test(code))?.[1] ?? null
}

/** The file itself is broken, whatever was asked of it. */
export const isDamage = (error: unknown): boolean => damage.test(codeOf(error))

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''

const damage = /^SQLITE_(?:NOTADB|CORRUPT)/

const problems: readonly (readonly [RegExp, string])[] = [
  [
    damage,
    'The database is damaged. Quit Switchyard if it runs and start it again: it keeps the damaged file aside and goes on with the newest good backup.',
  ],
  [
    /^(?:SQLITE_FULL|ENOSPC|EDQUOT)$/,
    'The disk is full, so nothing of this was recorded; all that was recorded before is kept. Free some space and try again.',
  ],
  [
    /^(?:EMFILE|ENFILE)$/,
    'Too many files are open, so nothing of this was recorded. Close some programs and try again.',
  ],
  [
    /^(?:SQLITE_READONLY\w*|EROFS|EACCES|EPERM)$/,
    'The data folder may not be written, so nothing of this was recorded. Give yourself the right to write there and try again.',
  ],
  [
    /^SQLITE_CANTOPEN/,
    'A file of the database could not be opened, so nothing of this was recorded. See that the data folder may be written and that not too many files are open, and try again.',
  ],
  [
    /^(?:SQLITE_IOERR\w*|EIO)$/,
    'The disk failed to read or write, so nothing of this was recorded. See whether it is whole and connected, and try again.',
  ],
  [/^SQLITE_BUSY/, 'Another process keeps the database, so nothing of this was recorded. Try again in a moment.'],
]
