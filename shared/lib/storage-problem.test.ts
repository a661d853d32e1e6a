import { describe, expect, it } from 'vitest'
import { isDamage, storageProblem } from './storage-problem.ts'

const withCode = (code: unknown) => Object.assign(new Error('as SQLite says it'), { code })

describe('what a person can do about storage', () => {
  it.each([
    ['SQLITE_CORRUPT', 'newest good backup'],
    ['SQLITE_CORRUPT_INDEX', 'newest good backup'],
    ['SQLITE_NOTADB', 'newest good backup'],
    ['SQLITE_FULL', 'Free some space'],
    ['ENOSPC', 'Free some space'],
    ['EMFILE', 'Close some programs'],
    ['SQLITE_READONLY', 'right to write'],
    ['SQLITE_READONLY_DIRECTORY', 'right to write'],
    ['EACCES', 'right to write'],
    ['EROFS', 'right to write'],
    ['SQLITE_CANTOPEN', 'could not be opened'],
    ['SQLITE_IOERR_FSYNC', 'failed to read or write'],
    ['SQLITE_BUSY_SNAPSHOT', 'Try again in a moment'],
  ])('%s: %s', (code, words) => {
    expect(storageProblem(withCode(code))).toContain(words)
  })

  it('is nothing where it would be a bug', () => {
    for (const code of ['SQLITE_ERROR', 'SQLITE_CONSTRAINT_UNIQUE', 'ENOENT', 'ERR_ASSERTION', 7, null])
      expect(storageProblem(withCode(code))).toBeNull()
    expect(storageProblem(new Error('database disk image is malformed'))).toBeNull()
    expect(storageProblem('SQLITE_FULL')).toBeNull()
  })

  it('knows damage from a disk that is only full', () => {
    expect(['SQLITE_CORRUPT', 'SQLITE_NOTADB'].map((code) => isDamage(withCode(code)))).toEqual([true, true])
    expect(['SQLITE_FULL', 'SQLITE_IOERR'].map((code) => isDamage(withCode(code)))).toEqual([false, false])
  })
})
