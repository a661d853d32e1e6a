import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { awaitFile, openCheckLab, person, type CheckLab } from '../../testing/check-lab.ts'
import { codeOf, valueOf } from '../worktrees/testing.ts'
import type { GatesProgress, GatesWish } from './run-gates.ts'

let lab: CheckLab
let folder: string
let counter: string
beforeEach(async () => {
  lab = await openCheckLab()
  folder = join(lab.yard.lab.root, 'queue')
  counter = join(lab.yard.lab.root, 'count')
  writeFileSync(counter, '')
  await lab.yard.lab.plain(lab.yard.repo, 'worktree', 'add', '--quiet', '--detach', folder)
})
afterEach(() => lab[Symbol.asyncDispose]())

const git = (...args: string[]) => lab.yard.lab.plain(folder, ...args)
const count = () => readFileSync(counter, 'utf8').length
const wishOf = async (change: Partial<GatesWish> = {}): Promise<GatesWish> => ({
  projectId: lab.projectId,
  folder,
  commit: await git('rev-parse', 'HEAD'),
  tree: await git('rev-parse', 'HEAD^{tree}'),
  signal: new AbortController().signal,
  by: person,
  ...change,
})
const runGates = async (change: Partial<GatesWish> = {}) => lab.app().checks.runGates(await wishOf(change))
const gate = (name: string, command: string) => lab.add(name, command, { isGate: true })
const counted = (command: string) => `printf x >> ${counter}; ${command}`
const liveRun = () =>
  lab.until(async () => {
    const { checkRuns } = await lab.kernel.database.read(lab.app().checks.listShown)
    return checkRuns.find(({ state }) => state.kind === 'running')
  })

describe('the gates of a commit', () => {
  it('run in their order, all of them, and other checks do not', async () => {
    await gate('types', 'test "$(git rev-parse HEAD)" = "$(cat .git-head)" || true')
    await gate('unit', 'echo "FAIL it"; exit 1')
    await gate('late', 'true')
    await lab.add('no gate', counted('false'))
    const progress: GatesProgress[] = []
    const results = valueOf(await runGates({ onProgress: (now) => progress.push(now) }))
    expect(results.map(({ name, isPassed, isReused }) => [name, isPassed, isReused])).toEqual([
      ['types', true, false],
      ['unit', false, false],
      ['late', true, false],
    ])
    expect(results[1]?.run).toMatchObject({
      worktreeId: null,
      state: { kind: 'failed', code: 1 },
      excerpt: ['FAIL it'],
    })
    expect(progress.map(({ done, of }) => `${done}/${of}`)).toEqual(['0/3', '1/3', '2/3', '3/3'])
    expect(count()).toBe(0)
  })

  it('are none where no check is one', async () => {
    await lab.add('unit', counted('true'))
    expect(valueOf(await runGates())).toEqual([])
  })

  it('are not run again on the same files by the same command, in whatever commit', async () => {
    const check = await gate('unit', counted('true'))
    await gate('bad', counted('false'))
    valueOf(await runGates())
    expect(count()).toBe(2)
    await git('commit', '--quiet', '--allow-empty', '-m', 'the same files')
    expect(valueOf(await runGates()).map(({ isReused }) => isReused)).toEqual([true, false])
    expect(count()).toBe(3)
    valueOf(await lab.app().checks.update(check.id, { ...check, command: counted('test -e readme.md') }, person))
    expect(valueOf(await runGates()).map(({ isReused }) => isReused)).toEqual([false, false])
    writeFileSync(join(folder, 'a.txt'), 'other files')
    await lab.yard.lab.commitAll(folder, 'other files')
    expect(valueOf(await runGates()).map(({ isReused }) => isReused)).toEqual([false, false])
  })

  it('take no word for it from a worktree, where files may lie beside the commit', async () => {
    await gate('unit', counted('true'))
    const [run] = await lab.run()
    if (run) expect((await lab.ended(run.id)).isExact).toBe(true)
    expect(valueOf(await runGates()).map(({ isReused }) => isReused)).toEqual([false])
    expect(count()).toBe(2)
  })

  it('take no word for it from a run that saw what an earlier gate left, or that left the commit', async () => {
    await gate('litter', 'true > litter')
    await gate('after', 'true')
    expect(valueOf(await runGates()).map(({ isPassed, run }) => [isPassed, run.isExact])).toEqual([
      [true, true],
      [true, false],
    ])
    await git('clean', '-fdq')
    expect(valueOf(await runGates()).map(({ isReused }) => isReused)).toEqual([true, false])
    await gate('moves', 'git -c user.name=x -c user.email=x@x commit --quiet --allow-empty -m moved')
    await git('clean', '-fdq')
    const results = valueOf(await runGates())
    expect(results[2]).toMatchObject({
      name: 'moves',
      isPassed: false,
      run: { state: { kind: 'passed' }, hasChanged: true },
    })
  })

  it('are refused in a folder that does not hold exactly that commit', async () => {
    await gate('unit', counted('true'))
    const wish = await wishOf()
    const refused = async (change: Partial<GatesWish> = {}) =>
      codeOf(await lab.app().checks.runGates({ ...wish, ...change }))
    expect(await refused({ commit: 'a'.repeat(40) })).toBe('WRONG_COMMIT')
    expect(await refused({ tree: 'a'.repeat(40) })).toBe('WRONG_COMMIT')
    expect(await refused({ folder: lab.yard.lab.root })).toBe('WRONG_COMMIT')
    writeFileSync(join(folder, 'beside'), '')
    expect(await refused()).toBe('WRONG_COMMIT')
    await git('clean', '-fdq')
    writeFileSync(join(folder, 'readme.md'), 'changed\n')
    expect(await refused()).toBe('WRONG_COMMIT')
    await git('checkout', '--quiet', '.')
    expect([count(), await refused(), count()]).toEqual([0, 'ok', 1])
  })
})

describe('gates that somebody waits for', () => {
  it('go on when nobody does any more, and are found by who asks again, also after a restart', async () => {
    await gate('unit', `${counted(awaitFile('../go'))}; true > litter`)
    const stop = new AbortController()
    const first = runGates({ signal: stop.signal })
    await liveRun()
    stop.abort()
    expect(codeOf(await first)).toBe('CANCELLED')
    await lab.restart()
    const again = runGates()
    writeFileSync(join(folder, '../go'), '')
    expect(valueOf(await again)).toMatchObject([{ isPassed: true }])
    expect(count()).toBe(1)
  })

  it('end for good when they are cancelled', async () => {
    await gate('unit', awaitFile('../never'))
    await gate('next', counted('true'))
    const results = runGates()
    await liveRun()
    await lab.app().checks.cancelGates(folder, person)
    const [unit, next] = valueOf(await results)
    expect([unit?.run.state.kind, next?.run.state.kind, unit?.isPassed]).toEqual(['cancelled', 'cancelled', false])
    expect(count()).toBe(0)
  })

  it('end when the folder is given to another commit', async () => {
    const begun = join(lab.yard.lab.root, 'begun')
    await gate('unit', `test -e other || { touch ${begun}; ${awaitFile('../never')}; }`)
    const before = runGates()
    await liveRun()
    while (!existsSync(begun)) await delay(20)
    writeFileSync(join(folder, 'other'), '')
    await lab.yard.lab.commitAll(folder, 'other')
    expect(valueOf(await runGates())[0]?.isPassed).toBe(true)
    expect(valueOf(await before)[0]).toMatchObject({ isPassed: false, run: { state: { kind: 'cancelled' } } })
  })
})

describe('the gates of a worktree', () => {
  const state = async () => valueOf(await lab.app().checks.gates(lab.worktreeId))

  it('are asked of the commit it has checked out', async () => {
    await gate('unit', 'test ! -e broken')
    expect(await state()).toMatchObject({ kind: 'unknown', head: await lab.review.git('rev-parse', 'HEAD') })
    for (const { id } of await lab.run()) await lab.ended(id)
    expect((await state()).kind).toBe('passed')
    await lab.write('broken', '')
    for (const { id } of await lab.run()) await lab.ended(id)
    // It failed with work that is not in the commit: of that, the run before it still tells.
    expect((await state()).kind).toBe('passed')
    await lab.commit('break it')
    expect(await state()).toMatchObject({ kind: 'unknown', gates: [{ why: expect.stringContaining('not committed') }] })
    for (const { id } of await lab.run()) await lab.ended(id)
    expect(await state()).toMatchObject({ kind: 'failing', message: 'unit fails. Have it mended and run it again.' })
  })

  it('count what passed on the same files in the queue', async () => {
    await gate('unit', 'true')
    valueOf(await runGates())
    expect(await state()).toMatchObject({ kind: 'passed', gates: [{ why: null }] })
  })

  it('cannot be asked where the worktree is gone', async () => {
    const gone = await lab.app().checks.gates('wt_01ARZ3NDEKTSV4RRFFQ69G5FAV' as never)
    expect(codeOf(gone)).toBe('NOT_FOUND')
  })
})
