import { ORPCError } from '@orpc/client'
import { beforeEach, describe, expect, it } from 'vitest'
import type { MergeResolution } from '../../../shared/contract/merge.ts'
import type { MergeId, ProjectId } from '../../../shared/lib/ids.ts'
import { createMergeDesk, type MergeDesk, type MergePlace } from './merge-desk.ts'

const place: MergePlace = {
  projectId: 'prj_1' as ProjectId,
  head: 'a'.repeat(40),
  branch: 'fix',
  target: 'main',
  baseSha: 'b1',
}
const clean = (base: string, message = 'Fix it') => ({ kind: 'clean', base, message, files: [] })

let asked: [string, Record<string, unknown>][]
let answers: Record<string, (() => unknown)[]>
let desk: MergeDesk
beforeEach(() => {
  asked = []
  answers = {}
  const verb = (name: string) => async (input: Record<string, unknown>) => {
    asked.push([name, input])
    return answers[name]?.shift()?.()
  }
  const verbs = ['preview', 'conflicts', 'prepare', 'drop', 'merge', 'undo'].map((name) => [name, verb(name)])
  desk = createMergeDesk(Object.fromEntries(verbs))
})
const refuse = (code: string, message: string) => () => {
  throw new ORPCError(code, { message })
}

describe('the result that is shown', () => {
  it('is computed with the proposed message, which stays in sight while another one is computed', async () => {
    answers['preview'] = [() => clean('b1'), () => new Promise(() => undefined)]
    await desk.look(place, 'squash')
    expect(asked[0]?.[1]).toMatchObject({
      strategy: 'squash',
      message: null,
      source: { sha: place.head, branch: 'fix' },
    })
    expect(desk.store.getState()).toMatchObject({ preview: { kind: 'ready' }, proposed: 'Fix it', message: null })
    void desk.look(place, 'merge')
    expect(desk.store.getState()).toMatchObject({ preview: { kind: 'reading' }, proposed: 'Fix it' })
  })

  it('is that of the later look, whichever ends first', async () => {
    let end: (value: unknown) => void = () => undefined
    answers['preview'] = [() => new Promise((resolve) => (end = resolve)), () => clean('new', 'Later')]
    const first = desk.look(place, 'squash')
    await desk.look(place, 'merge')
    end(clean('old', 'Earlier'))
    await first
    expect(desk.store.getState()).toMatchObject({ preview: { preview: { base: 'new' } }, proposed: 'Later' })
  })

  it('is a refusal in words', async () => {
    answers['preview'] = [refuse('UNRELATED', 'No commit in common.')]
    await desk.look(place, 'squash')
    expect(desk.store.getState().preview).toEqual({
      kind: 'refused',
      code: 'UNRELATED',
      message: 'No commit in common.',
    })
  })
})

describe('merging', () => {
  it('takes the message that was typed and the target that was looked at, and looks again', async () => {
    answers = { preview: [() => clean('b1'), refuse('ALREADY_MERGED', 'x')], merge: [() => ({ id: 'mrg_1' })] }
    await desk.look(place, 'squash')
    desk.write('  My words\n')
    expect(await desk.merge(place, 'squash', false)).toEqual({ merge: { id: 'mrg_1' } })
    expect(asked[1]).toEqual([
      'merge',
      expect.objectContaining({ message: 'My words', targetWas: 'b1', deleteBranch: false }),
    ])
    expect(desk.store.getState()).toMatchObject({
      message: null,
      isMerging: false,
      preview: { code: 'ALREADY_MERGED' },
    })
  })

  it('that is refused keeps what was typed', async () => {
    answers = { preview: [() => clean('b1'), () => clean('b2')], merge: [refuse('MOVED', 'main has moved.')] }
    await desk.look(place, 'squash')
    desk.write('My words')
    expect(await desk.merge(place, 'squash', false)).toEqual({ refused: 'main has moved.' })
    expect(desk.store.getState()).toMatchObject({ message: 'My words', preview: { preview: { base: 'b2' } } })
  })

  it('sends no message where the commits keep their own, and none that is empty', async () => {
    answers = { preview: [() => clean('b1'), () => clean('b1'), () => clean('b1')], merge: [() => ({}), () => ({})] }
    await desk.look(place, 'rebase')
    desk.write('typed for a squash')
    await desk.merge(place, 'rebase', false)
    desk.write('   ')
    await desk.merge(place, 'squash', false)
    const sent = asked.filter(([name]) => name === 'merge').map(([, { message }]) => message)
    expect(sent).toEqual([null, null])
  })

  it('happens once while it is under way, and not without a clean result', async () => {
    expect(await desk.merge(place, 'squash', false)).toHaveProperty('refused')
    let end: (value: unknown) => void = () => undefined
    answers = {
      preview: [() => clean('b1'), () => clean('b1')],
      merge: [() => new Promise((resolve) => (end = resolve))],
    }
    await desk.look(place, 'squash')
    const first = desk.merge(place, 'squash', false)
    expect(await desk.merge(place, 'squash', false)).toHaveProperty('refused')
    end({ id: 'mrg_1' })
    expect(await first).toEqual({ merge: { id: 'mrg_1' } })
  })
})

it('a result that is made to be looked at is let go when another one is made or merged, and refused in words', async () => {
  const made = (id: string) => () => ({ id, base: 'b1', commit: `c-${id}` })
  answers = {
    prepare: [made('mrg_1'), refuse('GONE', 'There is no branch main.'), made('mrg_2')],
    preview: [() => clean('b1'), () => clean('b1')],
    merge: [() => ({ id: 'mrg_3' })],
  }
  expect(await desk.prepare(place, 'squash')).toEqual({ from: 'b1', to: 'c-mrg_1' })
  expect(await desk.prepare(place, 'squash')).toEqual({ refused: 'There is no branch main.' })
  expect(asked.some(([name]) => name === 'drop')).toBe(false)
  await desk.prepare(place, 'squash')
  await desk.look(place, 'squash')
  await desk.merge(place, 'squash', false)
  const dropped = asked.filter(([name]) => name === 'drop').map(([, { mergeId }]) => mergeId)
  expect(dropped).toEqual(['mrg_1', 'mrg_2'])
})

it('undoing says why it was refused', async () => {
  answers = { undo: [() => ({}), refuse('MOVED_ON', 'main has moved on.')] }
  expect(await desk.undo('mrg_1' as MergeId)).toBeNull()
  expect(await desk.undo('mrg_1' as MergeId)).toBe('main has moved on.')
})

describe('what was chosen for conflicts', () => {
  const version = { mode: '100644', oid: 'a'.repeat(40) }
  const stages = { 1: version, 2: version, 3: version }
  const chosen: readonly MergeResolution[] = [{ rawPath: 'a.txt', stages, choice: { kind: 'branch' } }]
  const wishes = (name: string) => asked.filter(([one]) => one === name).map(([, wish]) => wish.resolutions)

  it('is asked for with each merge from then on, and what comes of it is looked at', async () => {
    answers = { preview: [() => clean('b1'), () => clean('b1')], merge: [() => ({ id: 'mrg_1' })] }
    await desk.resolve(place, 'squash', chosen)
    expect(desk.store.getState().preview).toMatchObject({ kind: 'ready' })
    await desk.merge(place, 'squash', false)
    expect([wishes('preview'), wishes('merge')]).toEqual([[chosen, chosen], [chosen]])
  })

  it('is chosen anew from all conflicts, but of a rebase from those that come next', async () => {
    answers = {
      preview: [() => clean('b1')],
      conflicts: [() => ({ conflicts: [], at: null }), refuse('GONE', 'No main.')],
    }
    await desk.resolve(place, 'squash', chosen)
    expect(await desk.conflicts(place, 'squash')).toEqual({ ok: true, value: { conflicts: [], at: null } })
    expect(await desk.conflicts(place, 'rebase')).toMatchObject({ ok: false, refusal: { message: 'No main.' } })
    expect(wishes('conflicts')).toEqual([undefined, chosen])
  })
})
