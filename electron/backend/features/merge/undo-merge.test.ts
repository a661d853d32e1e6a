import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { MergeId } from '../../../../shared/lib/ids.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createMergeLab, type MergeLab } from '../../testing/merge-lab.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'

let lab: MergeLab
beforeEach(async () => {
  lab = await createMergeLab()
  await lab.branch('topic', { 'new.txt': 'new\n', 'readme.md': null })
})
afterEach(() => lab[Symbol.asyncDispose]())

it('sets the target and its checkout back, keeps what was merged, and is told', async () => {
  const { refs: _, ...before } = await lab.everything()
  const merge = await lab.land('topic', 'merge')
  const undone = valueOf(await lab.merge.undo(merge.id, by))
  expect(undone).toMatchObject({ state: 'undone', undone: { by: 'system:switchyard' } })
  expect(await lab.everything()).toMatchObject(before)
  expect(await lab.head()).toBe(merge.before)
  expect(await lab.head(`${merge.backupRef}-undone`)).toBe(merge.after)
  const told = lab.yard.kernel.changes.filter(({ topic }) => topic === 'merges.changed')
  expect(told.map(({ payload }) => payload)).toEqual([merge, undone])
  expect(valueOf(await lab.merge.undo(merge.id, by))).toEqual(undone)
  const again = await lab.land('topic', 'merge')
  expect(await lab.head()).toBe(again.after)
})

it('is refused once something came after it', async () => {
  const merge = await lab.land('topic', 'squash')
  await lab.commit({ 'more.txt': 'more\n' })
  const before = await lab.everything()
  const refused = await lab.merge.undo(merge.id, by)
  expect([codeOf(refused), messageOf(refused)]).toEqual(['MOVED_ON', expect.stringContaining('Revert the merge')])
  expect(await lab.everything()).toEqual(before)
  await lab.git('checkout', '-q', '--detach')
  await lab.git('branch', '-q', '-D', 'main')
  expect(codeOf(await lab.merge.undo(merge.id, by))).toBe('GONE')
})

it('is refused over changes that are not committed and over files in the way, and works once they are gone', async () => {
  const merge = await lab.land('topic', 'squash')
  await lab.write('new.txt', 'edited\n')
  expect(codeOf(await lab.merge.undo(merge.id, by))).toBe('DIRTY_CHECKOUT')
  await lab.git('checkout', '-q', '--', '.')
  await lab.write('readme.md', 'mine\n')
  expect(codeOf(await lab.merge.undo(merge.id, by))).toBe('DIRTY_CHECKOUT')
  expect(await readFile(join(lab.repo, 'readme.md'), 'utf8')).toBe('mine\n')
  expect(await lab.row(merge.id)).toMatchObject({ state: 'landed', undone: null })
  await rm(join(lab.repo, 'readme.md'))
  expect(codeOf(await lab.merge.undo(merge.id, by))).toBe('ok')
})

it('is refused for what never landed, or is not known', async () => {
  const { id, base } = await lab.prepare('topic', 'squash')
  expect(codeOf(await lab.merge.undo(id, by))).toBe('NOT_LANDED')
  const unknown = 'mrg_01ARZ3NDEKTSV4RRFFQ69G5FAV' as MergeId
  expect(codeOf(await lab.merge.undo(unknown, by))).toBe('NOT_FOUND')
  await lab.merge.drop(id)
  expect(codeOf(await lab.merge.land({ prepared: id, targetWas: base }, by))).toBe('NOT_FOUND')
  expect(await lab.git('for-each-ref', 'refs/switchyard')).toBe('')
})
