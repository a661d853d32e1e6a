import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { person } from '../../testing/mail-lab.ts'
import { createRemoteLab, pullOf, type RemoteLab } from '../../testing/remote-lab.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { codeOf, valueOf } from '../worktrees/testing.ts'

let lab: RemoteLab
beforeEach(async () => {
  lab = await createRemoteLab()
})
afterEach(() => lab[Symbol.asyncDispose]())

const state = async () => valueOf(await lab.remote.state(lab.worktree.id))
const push = async (change: { url?: string; sha?: string; replaces?: string } = {}) => {
  const { remote, head } = await state()
  const wish = { worktreeId: lab.worktree.id, url: remote?.url ?? '', sha: head ?? '', replaces: null, ...change }
  return lab.remote.push(wish, person)
}
const refresh = (isAsked = true) => lab.remote.refresh({ worktreeId: lab.worktree.id, isAsked }, person)
const topics = () => lab.yard.kernel.changes.map(({ topic }) => topic)
const said = (key: string) =>
  ({ key, kind: 'comment', author: 'eve', body: key, path: null, line: null, url: null, at: 1 }) as const
/** Pushed to the folder, and then said to be on GitHub. */
const beOnGithub = async () => {
  const head = await lab.commit('work')
  valueOf(await push())
  await lab.nameRemote()
  return head
}

describe('a branch and its remote', () => {
  it('is pushed to where the person saw that it goes, and is then level with it', async () => {
    const sha = await lab.commit('work')
    expect(await state()).toMatchObject({
      remote: { name: 'origin', url: lab.bare, isLocal: true },
      head: sha,
      remoteHead: null,
      forge: null,
      tool: 'none',
      notes: [expect.stringContaining('folder of this computer')],
      problem: null,
    })
    expect(valueOf(await push())).toEqual({ kind: 'pushed' })
    expect(valueOf(await push())).toEqual({ kind: 'up-to-date' })
    expect(await lab.yard.lab.plain(lab.bare, 'rev-parse', lab.worktree.branch ?? '')).toBe(sha)
    expect(await state()).toMatchObject({ remoteHead: sha, ahead: 0, behind: 0 })
    expect(topics().filter((topic) => topic === 'pushes.recorded')).toHaveLength(1)
  })

  it('is not pushed to another address, and no other commit than was seen', async () => {
    const sha = await lab.commit('work')
    const { remote } = await state()
    await lab.git('config', 'remote.origin.pushurl', `${lab.bare}/../elsewhere.git`)
    expect(codeOf(await push({ url: remote?.url ?? '' }))).toBe('REMOTE_CHANGED')
    await lab.git('config', '--unset', 'remote.origin.pushurl')
    await lab.commit('later')
    expect(codeOf(await push({ sha }))).toBe('MOVED')
    await lab.git('remote', 'remove', 'origin')
    expect(codeOf(await push())).toBe('NO_REMOTE')
    expect((await state()).problem).toContain('git remote add')
  })

  it('tells how far it went apart, and replaces what is there only when that is asked for', async () => {
    const base = await lab.git('rev-parse', 'HEAD')
    const old = await lab.commit('first try')
    valueOf(await push())
    await lab.git('reset', '-q', '--hard', base)
    const sha = await lab.commit('second try')
    expect(await state()).toMatchObject({ ahead: 1, behind: 1, remoteHead: old })
    expect(codeOf(await push())).toBe('NOT_FAST_FORWARD')
    valueOf(await push({ replaces: old }))
    expect(await lab.yard.lab.plain(lab.bare, 'rev-parse', lab.worktree.branch ?? '')).toBe(sha)
    expect(lab.yard.kernel.changes.at(-1)?.payload).toMatchObject({ sha, replaced: old })
  })

  it('is known to be in its base once that was fetched', async () => {
    expect((await state()).isInBase).toBe(false)
    const sha = await lab.commit('work')
    expect((await state()).isInBase).toBe(false)
    await lab.yard.lab.plain(lab.bare, 'fetch', '-q', lab.worktree.path, `${sha}:refs/heads/main`)
    await lab.git('fetch', '-q', 'origin')
    expect((await state()).isInBase).toBe(true)
  })
})

describe('a pull request', () => {
  it('is made from what was pushed, and from nothing else', async () => {
    await lab.commit('work')
    const wish = { worktreeId: lab.worktree.id, title: 'Do it', body: 'Text', base: 'main', isDraft: true }
    await lab.nameRemote()
    expect(await state()).toMatchObject({ forge: 'github', tool: 'ready', pullRequest: null })
    expect((await state()).compareUrl).toContain('https://github.com/acme/app/compare/main...')
    expect(codeOf(await lab.remote.createPullRequest(wish, person))).toBe('NOT_PUSHED')
    await lab.git('config', '--unset', 'remote.origin.pushurl')
    expect(codeOf(await lab.remote.createPullRequest(wish, person))).toBe('NO_TOOL')
    await beOnGithub()
    expect(valueOf(await lab.remote.propose(lab.worktree.id))).toMatchObject({ base: 'main', body: '- work\n- work' })
    const pull = valueOf(await lab.remote.createPullRequest(wish, person))
    expect(lab.forge.made).toEqual([
      { branch: lab.worktree.branch, title: 'Do it', body: 'Text', base: 'main', isDraft: true },
    ])
    expect(pull).toMatchObject({ number: 7, state: 'draft', repository: 'acme/app', worktreeId: lab.worktree.id })
    expect((await state()).pullRequest).toEqual(pull)
  })

  it('is read again by itself only after a while, and later after each failure', async () => {
    await beOnGithub()
    lab.forge.pull = pullOf({})
    expect(valueOf(await refresh(false))).toMatchObject({ number: 7 })
    lab.forge.pull = pullOf({ title: 'New' })
    expect(valueOf(await refresh(false))).toMatchObject({ title: 'Do it' })
    lab.clock.now += 120_000
    expect(valueOf(await refresh(false))).toMatchObject({ title: 'New' })
    const before = topics().length
    expect(valueOf(await refresh())).toMatchObject({ title: 'New' })
    expect(topics()).toHaveLength(before)
    lab.forge.refusal = { code: 'RATE_LIMITED', message: 'Later.' }
    expect(codeOf(await refresh())).toBe('RATE_LIMITED')
    expect((await state()).pullRequest).toMatchObject({ problem: 'Later.', title: 'New' })
    lab.forge.refusal = null
    lab.clock.now += 120_000
    expect(valueOf(await refresh(false))).toMatchObject({ problem: 'Later.' })
    expect(valueOf(await refresh())).toMatchObject({ problem: null })
  })

  it('that was merged there is told once, and nothing is deleted by it', async () => {
    const head = await beOnGithub()
    lab.forge.pull = pullOf({ head })
    valueOf(await refresh())
    lab.forge.pull = pullOf({ head, state: 'merged' })
    const before = lab.yard.kernel.changes.length
    expect(valueOf(await refresh())).toMatchObject({ state: 'merged' })
    valueOf(await refresh())
    expect(topics().slice(before)).toEqual(['pullrequests.changed'])
    expect(await lab.git('rev-parse', 'HEAD')).toBe(head)
  })

  it('of an older branch of the same name is not this one’s', async () => {
    const head = await beOnGithub()
    lab.forge.pull = pullOf({ state: 'merged' })
    expect(valueOf(await refresh())).toBeNull()
    lab.forge.pull = pullOf({ state: 'merged', head })
    expect(valueOf(await refresh())).toMatchObject({ state: 'merged' })
  })

  it('brings back what people said, which is given to the agent once', async () => {
    const head = await beOnGithub()
    lab.forge.pull = pullOf({ head, comments: [said('comment:1'), said('comment:2')] })
    const { id } = valueOf(await refresh()) ?? { id: lab.yard.kernel.newId('prq') }
    const give = (keys: string[] | null) => lab.remote.give({ pullRequestId: id, keys }, person)
    expect(codeOf(await give(null))).toBe('NO_SESSION')
    const { sessionId } = await lab.join()
    expect(valueOf(await give(['comment:2']))).toEqual({ count: 1 })
    expect((await state()).pullRequest).toMatchObject({ comments: 2, newComments: 1 })
    lab.forge.pull = pullOf({ head, comments: [said('comment:1'), said('comment:2'), said('comment:3')] })
    expect(valueOf(await refresh())).toMatchObject({ comments: 3, newComments: 2 })
    expect(valueOf(await give(null))).toEqual({ count: 2 })
    expect(codeOf(await give(null))).toBe('NOTHING_TO_SEND')
    const { items } = await lab.mail.inbox(sessionId, { isAll: true, limit: 10, after: null })
    expect(items.map(({ message }) => message.body.match(/^> .*$/gm))).toEqual([
      ['> comment:1', '> comment:3'],
      ['> comment:2'],
    ])
    const kept = await lab.remote.comments(id)
    expect(kept.map(({ key, givenAt }) => [key, givenAt !== null])).toEqual([
      ['comment:1', true],
      ['comment:2', true],
      ['comment:3', true],
    ])
  })

  it('goes with its project', async () => {
    await beOnGithub()
    lab.forge.pull = pullOf({ comments: [said('comment:1')] })
    const { id } = valueOf(await refresh()) ?? { id: lab.yard.kernel.newId('prq') }
    const { database, runCommand } = lab.yard.kernel
    await runCommand({ name: 'forget', by: person }, async (context) =>
      ok(await lab.remote.forgetProject(context, lab.yard.project.id)),
    )
    expect(await database.read(lab.remote.list)).toEqual([])
    expect(await lab.remote.comments(id)).toEqual([])
  })
})
