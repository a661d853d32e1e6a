import { expect, it } from 'vitest'
import type { Merge } from '../../shared/contract/merge.ts'
import type { ProjectId } from '../../shared/lib/ids.ts'
import { isLandedIn, isMergedIn } from './merges.ts'

const projectId = 'prj_1' as ProjectId
const merge = (id: string, change: object = {}) =>
  ({ id, projectId, source: { sha: 'a', branch: 'fix' }, target: 'main', state: 'landed', at: 1, ...change }) as Merge

it('a commit has landed in a branch unless that was taken back', () => {
  const isLanded = (one: Merge) => isLandedIn([one], projectId, 'a', 'main')
  expect(isLanded(merge('mrg_1'))).toBe(true)
  for (const change of [{ state: 'undone' }, { target: 'next' }, { source: { sha: 'b' } }, { projectId: 'prj_2' }])
    expect(isLanded(merge('mrg_1', change))).toBe(false)
})

it('a worktree is merged while its branch is where it was merged, and no other that begins there', () => {
  const worktree = { projectId, branch: 'fix', headSha: 'a' }
  expect(isMergedIn([merge('mrg_1')], worktree)).toBe(true)
  for (const change of [{ branch: 'other' }, { branch: null }, { headSha: 'b' }, { headSha: null }])
    expect(isMergedIn([merge('mrg_1')], { ...worktree, ...change })).toBe(false)
  expect(isMergedIn([merge('mrg_1', { state: 'undone' })], worktree)).toBe(false)
  expect(isMergedIn([merge('mrg_1')], undefined)).toBe(false)
})
