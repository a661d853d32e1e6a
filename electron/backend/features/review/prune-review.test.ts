import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { silentLog } from '../../kernel/testing.ts'
import { createReviewLab, type ReviewLab } from '../../testing/review-lab.ts'
import { createParts, takeNow } from './review-parts.ts'

let lab: ReviewLab
beforeEach(async () => {
  lab = await createReviewLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

test('snapshots that store much make a project due sooner than those that store little', async () => {
  const { yard, worktree } = lab
  const { kernel, projects, worktrees } = yard
  const folder = join(yard.lab.root, 'review')
  const deps = { ...kernel, git: yard.lab.git, log: silentLog, projects, worktrees, folder, listKept: async () => [] }
  const parts = createParts(deps)
  const take = async () => {
    const before = parts.taken.get(yard.project.id) ?? 0
    expect(await takeNow(parts, worktree.id)).toMatchObject({ ok: true })
    return (parts.taken.get(yard.project.id) ?? 0) - before
  }
  expect(await take()).toBe(1)
  await lab.write('data.bin', Buffer.alloc(6 * 1024 * 1024))
  expect(await take()).toBe(4)
  expect(await take()).toBe(1)
})
