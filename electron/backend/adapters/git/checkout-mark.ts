import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findCommonDir, findGitDir, markOf } from './config-cache.ts'

/**
 * The same for as long as HEAD is the same commit and branch and the index is untouched, told from files alone. Null where
 * it cannot be told like this: refs in tables, a branch that is another name of one, a branch without a commit.
 */
export async function readCheckoutMark(path: string): Promise<string | null> {
  const gitDir = await findGitDir(path)
  if (gitDir === null) return null
  const head = await readText(join(gitDir, 'HEAD'))
  const index = await markOf(join(gitDir, 'index'))
  if (head === null || index === 'absent') return null
  if (isCommit(head)) return `${head}${index}`
  const ref = /^ref: (refs\/heads\/[^\n]+)\n$/.exec(head)?.[1]
  if (ref === undefined) return null
  const commonDir = await findCommonDir(gitDir)
  const commit = await readText(join(commonDir, ref))
  if (commit !== null) return isCommit(commit) ? `${head}${commit}${index}` : null
  // Refs in tables have no such file, and HEAD names a branch that cannot be.
  const packed = await markOf(join(commonDir, 'packed-refs'))
  return packed === 'absent' ? null : `${head}${packed}${index}`
}

const isCommit = (text: string): boolean => /^(?:[0-9a-f]{40}|[0-9a-f]{64})\n$/.test(text)

const readText = (file: string): Promise<string | null> => readFile(file, 'utf8').catch(() => null)
