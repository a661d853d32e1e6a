import type { ReviewFile, ReviewListing } from '../../../shared/contract/review.ts'
import type { WorktreeId } from '../../../shared/lib/ids.ts'

export const worktreeId = 'wt_01J00000000000000000000000' as WorktreeId

/** An object id made of one letter. */
export const oid = (letter: string): string => letter.repeat(40)

export const fileRow = (path: string, changes: Partial<ReviewFile> = {}): ReviewFile => ({
  path,
  rawPath: path,
  oldPath: null,
  change: 'modified',
  content: 'text',
  oldMode: '100644',
  newMode: '100644',
  oldOid: oid('a'),
  newOid: oid('b'),
  added: 3,
  removed: 1,
  where: ['unstaged'],
  mark: 'none',
  viewedOid: null,
  viewedHunks: [],
  isLarge: false,
  ...changes,
})

export const listingRow = (files: readonly ReviewFile[], changes: Partial<ReviewListing> = {}): ReviewListing => ({
  worktreeId,
  snapshot: 'one',
  base: { ref: 'main', sha: oid('c'), mergeBase: oid('c'), movedBy: 0, fetchedAt: null },
  head: oid('d'),
  files: [...files],
  stagedFiles: 0,
  isPartial: false,
  commits: [],
  turns: [],
  problem: null,
  ...changes,
})

/** A patch as git prints it, of hunks given as their lines. */
export const patchText = (path: string, ...hunks: readonly (readonly string[])[]): string =>
  [
    `diff --git a/${path} b/${path}`,
    'index aaaaaaa..bbbbbbb 100644',
    `--- a/${path}`,
    `+++ b/${path}`,
    ...hunks.flat(),
    '',
  ].join('\n')

export const firstHunk = ['@@ -1,3 +1,4 @@', ' one', '-two', '+zwei', '+und mehr', ' three'] as const
export const secondHunk = ['@@ -40,2 +41,1 @@ function later() {', ' forty', '-gone'] as const
