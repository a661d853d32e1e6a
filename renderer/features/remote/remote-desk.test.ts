import { ORPCError } from '@orpc/client'
import { beforeEach, describe, expect, it } from 'vitest'
import { worktreeIdAt } from '../../dev/fixtures.ts'
import { pullRequestRow, remoteCommentRow, remoteStateOf } from '../../dev/remote-fixtures.ts'
import { createRemoteDesk, type RemoteDesk } from './remote-desk.ts'

const worktreeId = worktreeIdAt(1)
let asked: [string, unknown][]
let answers: Record<string, (options?: { signal?: AbortSignal }) => unknown>
let desk: RemoteDesk
beforeEach(() => {
  asked = []
  answers = { state: () => remoteStateOf() }
  const verb = (name: string) => async (input: unknown, options?: { signal?: AbortSignal }) => {
    asked.push([name, input])
    return answers[name]?.(options)
  }
  const names = ['state', 'push', 'propose', 'createPullRequest', 'refresh', 'comments', 'give']
  desk = createRemoteDesk(Object.fromEntries(names.map((name) => [name, verb(name)])) as never, worktreeId)
})
const refuse = (message: string) => () => {
  throw new ORPCError('DECLINED', { message })
}
const verbs = () => asked.map(([name]) => name)

describe('a look', () => {
  it('reads where the branch stands, and what was said of its pull request', async () => {
    const pullRequest = pullRequestRow({ comments: 1, newComments: 1 })
    answers = { state: () => remoteStateOf({ pullRequest }), comments: () => [remoteCommentRow()] }
    await desk.look()
    expect(desk.store.getState()).toMatchObject({
      state: { pullRequest },
      comments: [{ author: 'eve' }],
      problem: null,
    })
    answers['state'] = () => remoteStateOf()
    await desk.look()
    expect(desk.store.getState().comments).toEqual([])
    expect(verbs()).toEqual(['state', 'comments', 'state'])
  })

  it('that ends after a later one does not count, and one that fails leaves what is shown', async () => {
    let end: (value: unknown) => void = () => undefined
    answers['state'] = () => new Promise((resolve) => (end = resolve))
    const first = desk.look()
    answers['state'] = () => remoteStateOf({ branch: 'later' })
    await desk.look()
    end(remoteStateOf({ branch: 'earlier' }))
    await first
    answers['state'] = refuse('The folder is gone.')
    await desk.look()
    expect(desk.store.getState()).toMatchObject({ state: { branch: 'later' }, problem: 'The folder is gone.' })
  })
})

it('is looked at once for each of what it depends on', async () => {
  for (const stamp of ['a', 'a', 'b']) await desk.lookAt(stamp)
  expect(verbs()).toEqual(['state', 'state'])
})

describe('a push', () => {
  it('is of the commit and to the address that are shown', async () => {
    expect(await desk.push(null)).toEqual({ refused: 'There is nothing to push yet.' })
    await desk.look()
    answers['push'] = () => ({ kind: 'pushed' })
    expect(await desk.push('b'.repeat(40))).toEqual({ kind: 'pushed' })
    const { remote, head } = remoteStateOf()
    expect(asked[1]).toEqual(['push', { worktreeId, url: remote?.url, sha: head, replaces: 'b'.repeat(40) }])
    expect(verbs()).toEqual(['state', 'push', 'state'])
    answers['push'] = refuse('Only on Mondays.')
    expect(await desk.push(null)).toEqual({ refused: 'Only on Mondays.' })
  })

  it('goes on alone, and can be ended', async () => {
    await desk.look()
    answers['push'] = (options) =>
      new Promise((_, reject) => options?.signal?.addEventListener('abort', () => reject(new Error('aborted'))))
    const pushing = desk.push(null)
    expect(desk.store.getState().isPushing).toBe(true)
    expect(await desk.push(null)).toEqual({ refused: 'There is nothing to push yet.' })
    desk.cancel()
    expect(await pushing).toEqual({ refused: 'The push was ended. What had arrived already stays there.' })
    expect(desk.store.getState().isPushing).toBe(false)
  })
})

it('asks the forge, makes a pull request and gives comments, and looks after each', async () => {
  answers = {
    state: () => remoteStateOf({ pullRequest: pullRequestRow() }),
    refresh: () => null,
    propose: () => ({ title: 'Fix', body: '', base: 'main' }),
    createPullRequest: () => pullRequestRow(),
    give: () => ({ count: 2 }),
  }
  expect(await desk.give(null)).toEqual({ refused: 'There is no pull request any more.' })
  expect(await desk.refresh(true)).toBeNull()
  const wish = { title: 'Fix', body: '', base: 'main', isDraft: true }
  expect(await desk.propose()).toEqual({ title: 'Fix', body: '', base: 'main' })
  expect(await desk.create(wish)).toEqual({ made: pullRequestRow() })
  expect(await desk.give(['line:1'])).toEqual({ count: 2 })
  expect(asked).toContainEqual(['createPullRequest', { worktreeId, ...wish }])
  expect(asked).toContainEqual(['give', { pullRequestId: pullRequestRow().id, keys: ['line:1'] }])
  expect(verbs()).toEqual(['refresh', 'state', 'propose', 'createPullRequest', 'state', 'give', 'state'])
})

it('says why something was refused', async () => {
  await desk.look()
  answers = {
    ...answers,
    refresh: refuse('a'),
    propose: refuse('b'),
    createPullRequest: refuse('c'),
    give: refuse('d'),
  }
  expect(await desk.refresh(true)).toBe('a')
  expect(desk.store.getState().isAsking).toBe(false)
  expect(await desk.propose()).toEqual({ refused: 'b' })
  expect(await desk.create({ title: 'x', body: '', base: 'main', isDraft: false })).toEqual({ refused: 'c' })
  answers['state'] = () => remoteStateOf({ pullRequest: pullRequestRow() })
  await desk.look()
  expect(await desk.give(null)).toEqual({ refused: 'd' })
})
