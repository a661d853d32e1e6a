import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Merge, PreparedMerge } from '../../../../shared/contract/merge.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createMergeLab, readFolder, type MergeLab } from '../../testing/merge-lab.ts'
import { checkoutDisk } from '../../adapters/git/checkout-disk.ts'
import { createMortal } from '../../testing/mortal.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'
import type { MergeService } from './merge-service.ts'

// The app is killed before each thing that it does outside of itself, and once after the last. After the next start the merge
// has happened once or not at all, whatever has the target checked out is whole, and asking again brings it to the end.

let lab: MergeLab
let place = ''
let first = ''
beforeAll(async () => {
  lab = await createMergeLab()
  place = join(lab.yard.lab.root, 'place')
  first = await lab.commit({ 'a.txt': 'a\n', 'folder/b.txt': 'b\n', 'gone.txt': 'gone\n' })
  await lab.git('worktree', 'add', '-q', '-b', 'release', place)
  const files = { 'a.txt': 'changed\n', 'gone.txt': null, 'new/file.txt': 'new\n', 'folder/b.txt': 'b2\n' }
  await lab.branch('topic', files, 'release')
  // The person's own checkout has half-written work, and is none of the target's.
  await lab.write('a.txt', 'half written')
  await lab.write('untracked.txt', 'mine')
})
beforeEach(() => startAnew())
afterAll(() => lab[Symbol.asyncDispose]())

/** As if nothing had been merged yet. */
const startAnew = (): Promise<string> => plain('reset', '-q', '--hard', first)

const plain = (...args: string[]): Promise<string> => lab.yard.lab.plain(place, ...args)

/** The life of one app, killed before its deed of this number; answers what it did. */
const live = async (
  diesBefore: number | RegExp,
  act: (merge: MergeService) => Promise<unknown>,
  halfDone?: (deed: string) => Promise<void>,
): Promise<{ readonly deeds: readonly string[]; readonly wasKilled: boolean }> => {
  const { git } = lab.yard.lab
  const { runCommand } = lab.yard.kernel
  const mortal = createMortal({ git, runCommand, diesBefore, ...(halfDone ? { halfDone } : {}) })
  const wasKilled = await act(lab.restart(mortal)).then(
    () => false,
    () => true,
  )
  return { deeds: mortal.deeds, wasKilled }
}

/** A checkout that nobody would know was ever touched: at its branch, nothing changed, no lock, nothing of ours. */
const expectWhole = async (): Promise<void> => {
  expect(await plain('status', '--porcelain', '--untracked-files=all')).toBe('')
  expect(await plain('symbolic-ref', 'HEAD')).toBe('refs/heads/release')
  const gitDir = await plain('rev-parse', '--git-dir')
  expect((await readFolder(gitDir))['index.lock']).toBeUndefined()
  expect((await readFolder(gitDir))['switchyard-merge.index']).toBeUndefined()
}

const expectOnce = async (merge: Merge): Promise<void> => {
  expect(await lab.head('release')).toBe(merge.after)
  expect(await lab.git('rev-list', '--count', `${merge.before}..release`)).toBe('1')
}

const prepare = (): Promise<PreparedMerge> => lab.prepare('topic', 'squash', { target: 'release' })
/** The real thing, and not the trial before it. */
const writesFiles = /^git read-tree -m -u [0-9a-f]/
const told = (): number => lab.yard.kernel.changes.filter(({ topic }) => topic === 'merges.changed').length

describe('landing', () => {
  it('killed before each of its deeds, it happened once or not at all', async () => {
    const mine = await readFolder(lab.repo)
    for (let point = 0; ; point += 1) {
      const { id, base } = await prepare()
      const input = { prepared: id, targetWas: base }
      const before = told()
      const { deeds, wasKilled } = await live(point, (merge) => merge.land(input, by))
      const found = await lab.head('release')
      const next = lab.restart()
      await next.reconcile()
      const row = await lab.row(id)
      const where = `killed after ${deeds.length}: ${deeds.at(-1)}`
      // What the branch showed when the app died is what it is: nothing is moved by a start of the app.
      expect(await lab.head('release'), where).toBe(found)
      expect(row?.state, where).toBe(found === base ? 'prepared' : 'landed')
      expect(told() - before, where).toBe(found === base ? 0 : 1)
      await expectWhole()
      const landed = valueOf(await next.land(input, by))
      await expectOnce(landed)
      expect(told() - before, where).toBe(1)
      await expectWhole()
      if (!wasKilled) {
        expect(deeds).toHaveLength(point)
        expect(deeds.length).toBeGreaterThan(12)
        break
      }
      await startAnew()
    }
    expect(await readFolder(lab.repo)).toEqual(mine)
  })

  it.each([
    ['nothing but a file deleted', async () => rm(join(place, 'gone.txt'))],
    ['one file written', async () => writeFile(join(place, 'a.txt'), 'changed\n')],
    ['a beginning of a file written', async () => writeFile(join(place, 'a.txt'), 'chan')],
    ['an empty file made', async () => lab.yard.lab.write(join(place, 'new/file.txt'), '')],
    [
      'all files written and the index not',
      async () => {
        await rm(join(place, 'gone.txt'))
        for (const [name, text] of [
          ['a.txt', 'changed\n'],
          ['new/file.txt', 'new\n'],
          ['folder/b.txt', 'b2\n'],
        ] as const)
          await lab.yard.lab.write(join(place, name), text)
      },
    ],
    [
      'a lock of a git that was killed with it',
      async () => writeFile(join(await plain('rev-parse', '--git-dir'), 'switchyard-merge.index.lock'), ''),
    ],
  ])('killed in the middle of writing files, with %s, it is brought to the end', async (_, write) => {
    const { id, base } = await prepare()
    await dieIn(writesFiles, write, (merge) => merge.land({ prepared: id, targetWas: base }, by))
    expect(await plain('status', '--porcelain')).not.toBe('')
    await lab.restart().reconcile()
    await expectWhole()
    expect(await lab.row(id)).toMatchObject({ state: 'landed', note: null })
  })

  it('what somebody wrote meanwhile stays as it is, and is told of', async () => {
    const { id, base } = await prepare()
    const write = () => writeFile(join(place, 'a.txt'), 'my own words\n')
    await dieIn(writesFiles, write, (merge) => merge.land({ prepared: id, targetWas: base }, by))
    await lab.restart().reconcile()
    expect(await plain('status', '--porcelain')).toBe(' M a.txt')
    expect((await readFolder(place))['a.txt']).toBe('my own words\n')
    expect(await lab.row(id)).toMatchObject({ state: 'landed', note: expect.stringContaining('a.txt. Look at them') })
  })

  it('a lock of ours that somebody took away is told of, and what is staged since is not touched', async () => {
    const { id, base } = await prepare()
    await dieIn(
      writesFiles,
      async () => undefined,
      (merge) => merge.land({ prepared: id, targetWas: base }, by),
    )
    await rm(join(await plain('rev-parse', '--git-dir'), 'index.lock'))
    await lab.restart().reconcile()
    expect(await lab.row(id)).toMatchObject({ state: 'landed', note: expect.stringContaining('git status') })
    expect((await readFolder(place))['a.txt']).toBe('a\n')
  })

  it('a branch that went on after the crash keeps what came after', async () => {
    const { id, base } = await prepare()
    await dieIn(
      /^free lock/,
      async () => undefined,
      (merge) => merge.land({ prepared: id, targetWas: base }, by),
    )
    const tip = await plain('commit-tree', '-p', 'release', '-m', 'after', 'release^{tree}')
    await plain('update-ref', 'refs/heads/release', tip)
    await lab.restart().reconcile()
    expect(await lab.head('release')).toBe(tip)
    expect(await lab.row(id)).toMatchObject({ state: 'landed' })
    await expectWhole()
  })
})

/** Dies in the first deed of this name, with what `halfDone` leaves of it. */
const dieIn = async (
  name: RegExp,
  halfDone: () => Promise<unknown>,
  act: (merge: MergeService) => Promise<unknown>,
) => {
  const { wasKilled } = await live(name, act, async () => void (await halfDone()))
  expect(wasKilled).toBe(true)
}

describe('undoing', () => {
  it('killed before each of its deeds, it happened once or not at all', async () => {
    const mine = await readFolder(lab.repo)
    for (let point = 0; ; point += 1) {
      const { id, base } = await prepare()
      const landed = valueOf(await lab.restart().land({ prepared: id, targetWas: base }, by))
      const { deeds, wasKilled } = await live(point, (merge) => merge.undo(id, by))
      const found = await lab.head('release')
      const next = lab.restart()
      await next.reconcile()
      const where = `killed after ${deeds.length}: ${deeds.at(-1)}`
      expect(await lab.head('release'), where).toBe(found)
      expect((await lab.row(id))?.state, where).toBe(found === base ? 'undone' : 'landed')
      await expectWhole()
      valueOf(await next.undo(id, by))
      expect(await lab.head('release'), where).toBe(landed.before)
      await expectWhole()
      if (!wasKilled) break
    }
    expect(await readFolder(lab.repo)).toEqual(mine)
  })
})

describe('a disk that fails without a crash', () => {
  it.each([
    ['while files are written', writesFiles],
    ['while the index is put in place', /^replace index/],
  ])('%s: the branch is taken back, and the checkout is whole', async (_, name) => {
    const { id, base } = await prepare()
    let failures = 0
    const fail = <Value>(deed: string, work: () => Promise<Value>): Promise<Value> =>
      name.test(deed) && failures++ === 0 ? Promise.reject(new Error('ENOSPC: the disk is full')) : work()
    const { git } = lab.yard.lab
    const failing = lab.restart({
      git: { ...git, run: (request) => fail(`git ${request.args.join(' ')}`, () => git.run(request)) },
      disk: {
        ...checkoutDisk,
        replaceIndex: (gitDir) => fail('replace index', () => checkoutDisk.replaceIndex(gitDir)),
      },
    })
    const refused = await failing.land({ prepared: id, targetWas: base }, by)
    expect([codeOf(refused), messageOf(refused)]).toEqual(['DIRTY_CHECKOUT', expect.stringContaining('disk is full')])
    expect(await lab.head('release')).toBe(base)
    expect((await lab.row(id))?.state).toBe('prepared')
    await expectWhole()
    expect(codeOf(await failing.land({ prepared: id, targetWas: base }, by))).toBe('ok')
    await expectWhole()
  })
})
