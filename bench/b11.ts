import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { ReviewService } from '../electron/backend/features/review/review-service.ts'
import { createYard, newBranch, type Yard } from '../electron/backend/features/worktrees/testing.ts'
import { openReviewService } from '../electron/backend/testing/review-lab.ts'
import type { Worktree } from '../shared/contract/worktrees.ts'
import { alternate, resultOf, type Bench } from './lib/alternate.ts'

const execute = promisify(execFile)
const fileCount = Number(process.env['BENCH_FILES'] ?? 20_000)
const filesAFolder = 50
/** What a listing may cost beside the diff that git itself makes for it. */
const mostExtraMs = 300

export const bench: Bench = {
  id: 'B11',
  title: `the listing of a review of ${fileCount} changed files, taken anew after each edit`,
  goal: `<= git diff --numstat + ${mostExtraMs} ms`,
  run: async () => {
    const yard = await createYard()
    const worktree = await setUp(yard)
    const review = openReviewService(yard)
    const samples = await alternate({
      listing: () => timed(() => open(review, worktree)),
      git: () => timed(() => diff(yard, worktree)),
    })
    await review.close()
    await yard[Symbol.asyncDispose]()
    const { listing, git } = samples
    const extra = listing.median - git.median
    const note = `${extra.toFixed(0)} ms more than git in the median`
    return resultOf(
      { listing, git },
      { ratio: listing.median / git.median, ok: extra <= mostExtraMs, unit: 'ms', note },
    )
  },
}

const fileOf = (n: number): string => `src/folder-${Math.floor(n / filesAFolder)}/module-${n}.ts`
const textOf = (n: number, change: string): string =>
  Array.from({ length: 20 }, (_, line) => `export const value${line} = ${line === 7 ? change : n}\n`).join('')

/** A repository in which every file differs from the base in one line. */
const setUp = async (yard: Yard): Promise<Worktree> => {
  writeAll(yard.repo, 'old')
  await yard.lab.commitAll(yard.repo, 'many files')
  const worktree = await yard.make(newBranch)
  writeAll(worktree.path, 'new')
  await yard.lab.commitAll(worktree.path, 'every file')
  return worktree
}

const writeAll = (root: string, change: string): void => {
  for (let n = 0; n < fileCount; n++) {
    const path = join(root, fileOf(n))
    if (n % filesAFolder === 0) mkdirSync(join(path, '..'), { recursive: true })
    writeFileSync(path, textOf(n, change))
  }
}

const timed = async (work: () => Promise<void>): Promise<number> => {
  const begun = performance.now()
  await work()
  return performance.now() - begun
}

let edits = 0
const open = async (review: ReviewService, worktree: Worktree): Promise<void> => {
  // Another tree than the last time: nothing of the comparison is remembered.
  writeFileSync(join(worktree.path, fileOf(edits % fileCount)), textOf(edits, `edited ${(edits += 1)}`))
  const view = { kind: 'scope', scope: 'all' } as const
  const listing = await review.open({ worktreeId: worktree.id, view, whitespace: 'show' })
  if (!listing.ok || listing.value.files.length !== fileCount) throw new Error('Not every file was listed.')
}

/** Of the same trees but for the one file that was edited. */
const diff = async (yard: Yard, worktree: Worktree): Promise<void> => {
  const args = ['diff', '--numstat', worktree.base?.sha ?? '', 'HEAD']
  const options = { cwd: worktree.path, env: { ...yard.lab.env }, maxBuffer: 64 * 1024 * 1024 }
  const { stdout } = await execute('git', args, options)
  if (stdout.split('\n').length !== fileCount + 1) throw new Error('git did not list every file.')
}
