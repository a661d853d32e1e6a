import { setTimeout as wait } from 'node:timers/promises'
import { readObjectInfo, type RawPath } from './git-objects.ts'
import type { Git } from './run-git.ts'
import { quoteName } from './tree-patches.ts'

/** A version of a file as git keeps it. */
export interface GitVersion {
  readonly mode: string
  readonly oid: string
}

/** What an index entry is before and after; null where there is none. */
export interface EntryChange {
  readonly rawPath: RawPath
  readonly before: GitVersion | null
  readonly after: GitVersion | null
}

export type IndexPatched =
  | { readonly kind: 'done' }
  /** An entry is not what was expected; nothing was changed. */
  | { readonly kind: 'changed' }
  /** Another git holds the lock of the index. */
  | { readonly kind: 'locked' }
  | { readonly kind: 'failed'; readonly reason: string }

/** git holds the lock for milliseconds; an agent's `git add` of a large folder for a second or two. */
const patienceMs = 3_000
const retryMs = 60

/**
 * Changes entries of a checkout's index, all of them or none, and only while each is what it was: `git apply --cached` holds
 * the index's lock while it compares and writes. Objects of the new entries must be in the repository.
 */
export async function patchIndex(git: Git, cwd: string, changes: readonly EntryChange[]): Promise<IndexPatched> {
  if (changes.length === 0) return { kind: 'done' }
  const missing = await findMissing(git, cwd, changes)
  if (missing !== null) return { kind: 'failed', reason: `the object ${missing} is not in the repository` }
  const stdin = Buffer.from(changes.map(patchOf).join(''), 'latin1')
  const args = ['apply', '--cached', '--whitespace=nowarn', '-']
  for (let waitedMs = 0; ; waitedMs += retryMs) {
    const request = { cwd, args, access: 'write', stdin, pinWorkTree: true, expect: [0, 1, 128] } as const
    const { exitCode, stderr } = await git.run(request)
    if (exitCode === 0) return { kind: 'done' }
    const isLocked = /index\.lock': File exists/.test(stderr)
    if (isLocked && waitedMs >= patienceMs) return { kind: 'locked' }
    if (!isLocked) return exitCode === 1 ? { kind: 'changed' } : { kind: 'failed', reason: firstLine(stderr) }
    await wait(retryMs)
  }
}

/** `git apply` takes the new content from the repository by its id, so that the patch itself need not hold it. */
function patchOf({ rawPath, before, after }: EntryChange): string {
  // What changes its type is taken away and made anew, as in a patch of git's own.
  const isRetyped = before !== null && after !== null && typeOf(before) !== typeOf(after)
  if (isRetyped) return patchOf({ rawPath, before, after: null }) + patchOf({ rawPath, before: null, after })
  const [old, fresh] = [quoteName(`a/${rawPath}`), quoteName(`b/${rawPath}`)]
  const zeros = '0'.repeat((before ?? after)?.oid.length ?? 40)
  const lines = [`diff --git ${old} ${fresh}`]
  if (before === null && after !== null) lines.push(`new file mode ${after.mode}`)
  if (before !== null && after === null) lines.push(`deleted file mode ${before.mode}`)
  if (before !== null && after !== null && before.mode !== after.mode)
    lines.push(`old mode ${before.mode}`, `new mode ${after.mode}`)
  if (before?.oid !== after?.oid) {
    lines.push(`index ${before?.oid ?? zeros}..${after?.oid ?? zeros}`)
    const [from, to] = [before === null ? '/dev/null' : old, after === null ? '/dev/null' : fresh]
    if (typeOf(before ?? after) === submodule) lines.push(...commitLines(from, to, before, after))
    else lines.push(`Binary files ${from} and ${to} differ`)
  }
  return `${lines.join('\n')}\n`
}

const submodule = '160'
const typeOf = (version: GitVersion | null): string => version?.mode.slice(0, 3) ?? ''

function commitLines(from: string, to: string, before: GitVersion | null, after: GitVersion | null): string[] {
  const counts = `@@ -${before ? '1' : '0,0'} +${after ? '1' : '0,0'} @@`
  const old = before ? [`-Subproject commit ${before.oid}`] : []
  const fresh = after ? [`+Subproject commit ${after.oid}`] : []
  return [`--- ${from}`, `+++ ${to}`, counts, ...old, ...fresh]
}

async function findMissing(git: Git, cwd: string, changes: readonly EntryChange[]): Promise<string | null> {
  const wanted = changes.flatMap(({ after }) => (after && typeOf(after) !== submodule ? [after.oid] : []))
  const info = await readObjectInfo(git, cwd, [...new Set(wanted)])
  return wanted.find((oid) => info.get(oid)?.type !== 'blob') ?? null
}

const firstLine = (text: string): string => text.trim().split('\n')[0] ?? ''
