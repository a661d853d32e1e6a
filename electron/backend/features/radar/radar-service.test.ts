import { appendFile, chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Overlap } from '../../../../shared/contract/radar.ts'
import type { Session } from '../../../../shared/contract/sessions.ts'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { SessionId } from '../../../../shared/lib/ids.ts'
import type { GitRequest } from '../../adapters/git/run-git.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { silentLog } from '../../kernel/testing.ts'
import { createYard, newBranch, valueOf, type Yard } from '../worktrees/testing.ts'
import { createRadarService, type RadarService } from './radar-service.ts'

let yard: Yard
let radar: RadarService
let sessions: Session[]
let runs: GitRequest[]
let [left, right] = [undefined, undefined] as unknown as [Worktree, Worktree]
const ten = Array.from({ length: 10 }, (_, n) => `line ${n + 1}\n`)
const withLine = (at: number, text: string): string => ten.with(at - 1, text).join('')

/** Worktrees with a session each; of a session only its place and life matter here. */
const addSession = async (lifecycle: Session['lifecycle'] = 'running'): Promise<Worktree> => {
  const worktree = await yard.make(newBranch)
  const id: SessionId = yard.kernel.newId('ses')
  sessions.push({ id, worktreeId: worktree.id, lifecycle, projectId: yard.project.id } as Session)
  return worktree
}
const openRadar = () =>
  createRadarService({
    ...yard.kernel,
    git: {
      ...yard.lab.git,
      run: (request) => {
        runs.push(request)
        return yard.lab.git.run(request)
      },
    },
    log: silentLog,
    projects: yard.projects,
    worktrees: yard.worktrees,
    sessions: { list: async () => sessions },
    scratchFolder: join(yard.lab.root, 'scratch'),
  })
const look = async (...worktrees: readonly Worktree[]): Promise<readonly Overlap[]> => {
  for (const { id } of worktrees) valueOf(await yard.worktrees.refresh(id))
  await radar.whenSettled()
  return yard.kernel.database.read(radar.list)
}
const write = (worktree: Worktree, name: string, text: string) => yard.lab.write(join(worktree.path, name), text)
const inWords = (overlaps: readonly Overlap[]) => overlaps.map(({ path, kind }) => `${path}: ${kind}`)

beforeEach(async () => {
  yard = await createYard()
  sessions = []
  runs = []
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await yard.lab.write(join(yard.repo, name), ten.join(''))
  await yard.lab.commitAll(yard.repo, 'ten lines each')
  radar = openRadar()
  left = await addSession()
  right = await addSession('stopped')
})
afterEach(async () => {
  await radar.close()
  await yard[Symbol.asyncDispose]()
})

test('tells apart one file, one hunk and a conflict to come, committed or not', async () => {
  await write(left, 'a.txt', withLine(2, 'left\n'))
  await write(right, 'a.txt', withLine(9, 'right\n'))
  await write(left, 'b.txt', withLine(2, 'left\n'))
  await yard.lab.commitAll(left.path, 'work')
  await write(right, 'b.txt', withLine(2, 'right\n'))
  await write(left, 'only.txt', 'left\n')
  const [a, b, ...rest] = await look(left, right)
  expect(inWords([a!, b!, ...rest])).toEqual(['a.txt: same-file', 'b.txt: predicted-conflict'])
  expect(a).toMatchObject({
    projectId: yard.project.id,
    sides: [
      { worktreeId: left.id, sessionId: sessions[0]?.id, hunks: [{ start: 2, lines: 1, newLines: 1 }] },
      { worktreeId: right.id, sessionId: sessions[1]?.id, hunks: [{ start: 9, lines: 1, newLines: 1 }] },
    ],
  })
})

test('lines that meet without a conflict are one hunk', async () => {
  await yard.lab.write(join(yard.repo, '.gitattributes'), '*.union merge=union\n')
  await yard.lab.write(join(yard.repo, 'list.union'), ten.join(''))
  await yard.lab.commitAll(yard.repo, 'a list that both may extend')
  const [one, two] = [await addSession(), await addSession()]
  await write(one, 'list.union', withLine(4, 'one\n'))
  await write(two, 'list.union', withLine(4, 'two\n'))
  expect(inWords(await look(one, two))).toEqual(['list.union: same-hunk'])
})

test('new, deleted and re-moded files and odd names', async () => {
  for (const [worktree, text] of [
    [left, 'left\n'],
    [right, 'right\n'],
  ] as const) {
    await write(worktree, 'new\nfile', text)
    await write(worktree, '日本語.txt', text)
  }
  await write(left, 'same.txt', 'the same\n')
  await write(right, 'same.txt', 'the same\n')
  await rm(join(left.path, 'a.txt'))
  await write(right, 'a.txt', withLine(1, 'right\n'))
  await chmod(join(left.path, 'b.txt'), 0o755)
  await write(right, 'b.txt', withLine(1, 'right\n'))
  expect(inWords(await look(left, right))).toEqual([
    'a.txt: predicted-conflict',
    'b.txt: same-file',
    'new\nfile: predicted-conflict',
    '日本語.txt: predicted-conflict',
  ])
})

test('a row is told once, changes with the work, keeps its id, and ends with the overlap', async () => {
  await write(left, 'a.txt', withLine(2, 'left\n'))
  await write(right, 'a.txt', withLine(9, 'right\n'))
  const [first] = await look(left, right)
  const told = () => yard.kernel.changes.filter(({ topic }) => topic.startsWith('radar.'))
  expect(told()).toHaveLength(1)
  await look(left, right)
  expect(told()).toHaveLength(1)
  await write(right, 'a.txt', withLine(2, 'right\n'))
  expect(await look(right)).toEqual([{ ...first, kind: 'predicted-conflict', sides: expect.any(Array) }])
  await write(right, 'a.txt', ten.join(''))
  expect(await look(right)).toEqual([])
  expect(told().map(({ topic }) => topic)).toEqual(['radar.changed', 'radar.changed', 'radar.removed'])
})

test('what a branch inherited from another is no overlap of the two', async () => {
  await write(left, 'a.txt', withLine(2, 'left\n'))
  await yard.lab.commitAll(left.path, 'work')
  await yard.lab.plain(right.path, 'merge', '-q', '--ff-only', left.branch ?? '')
  expect(await look(left, right)).toEqual([])
  await write(right, 'a.txt', withLine(9, 'more\n'))
  expect(await look(right)).toEqual([])
})

test('archived sessions, removed worktrees and forgotten projects leave no rows', async () => {
  for (const worktree of [left, right]) await write(worktree, 'a.txt', withLine(2, `${worktree.id}\n`))
  expect(await look(left, right)).toHaveLength(1)
  sessions = sessions.map((session) =>
    session.worktreeId === right.id ? { ...session, lifecycle: 'archived' } : session,
  )
  expect(await look(right)).toEqual([])
  sessions = sessions.map((session) => ({ ...session, lifecycle: 'running' }))
  expect(await look(right)).toHaveLength(1)
  valueOf(await yard.worktrees.remove(right.id, { deleteBranch: false }, by))
  await radar.whenSettled()
  expect(await look()).toEqual([])
  valueOf(await yard.worktrees.restore(right.id, by))
  expect(await look(left, right)).toHaveLength(1)
  await yard.kernel.runCommand({ name: 'forget', by }, async (context) => {
    await radar.forgetProject(context, yard.project.id)
    return { ok: true, value: undefined }
  })
  expect(await yard.kernel.database.read(radar.list)).toEqual([])
})

test('rows outlive the app and are brought in line by the first looks', async () => {
  for (const worktree of [left, right]) await write(worktree, 'a.txt', withLine(2, `${worktree.id}\n`))
  const [row] = await look(left, right)
  await radar.close()
  radar = openRadar()
  expect(await yard.kernel.database.read(radar.list)).toEqual([row])
  expect(await look(left, right)).toEqual([row])
  await writeFile(join(right.path, 'a.txt'), ten.join(''))
  expect(await look(right)).toEqual([])
})

test('costs no git where no file is of both, and no merge where contents were seen before', async () => {
  await write(left, 'a.txt', withLine(2, 'left\n'))
  await write(right, 'b.txt', withLine(2, 'right\n'))
  expect(await look(left, right)).toEqual([])
  expect(runs).toEqual([])
  await write(right, 'a.txt', withLine(2, 'right\n'))
  const merges = () => runs.filter(({ args }) => args[0] === 'merge-tree').length
  await look(right)
  expect(merges()).toBe(1)
  await look(left, right)
  expect(merges()).toBe(1)
})

test('costs no process for files that both have and neither changed since they were compared', async () => {
  const names = ['a.txt', 'b.txt', 'c.txt']
  for (const name of names) await write(left, name, withLine(2, 'left\n'))
  for (const name of names) await write(right, name, withLine(9, 'right\n'))
  // Younger files are read again: their times may fail to tell two writes apart.
  await delay(150)
  const rows = await look(left, right)
  expect(inWords(rows)).toEqual(names.map((name) => `${name}: same-file`))
  runs.length = 0
  expect(await look(left, right)).toEqual(rows)
  expect(runs).toEqual([])
  await write(right, 'b.txt', withLine(2, 'right\n'))
  await delay(150)
  expect(inWords(await look(right))).toEqual(['a.txt: same-file', 'b.txt: predicted-conflict', 'c.txt: same-file'])
  const stored = runs.flatMap(({ args, stdin }) => (args[0] === 'hash-object' ? [String(stdin)] : []))
  expect(stored).toEqual(['"b.txt"\n'])
  // One diff, of the side that changed; the merge is of all that both changed.
  expect(runs.map(({ args }) => args[0])).toEqual(['hash-object', 'merge-tree', 'diff'])
})

test('a third worktree is compared by what is known of the first two', async () => {
  const third = await addSession()
  for (const worktree of [left, right, third]) await write(worktree, 'a.txt', withLine(2, `${worktree.id}\n`))
  await delay(150)
  await look(left, right)
  runs.length = 0
  expect(await look(third)).toHaveLength(3)
  expect(runs.map(({ args }) => args[0])).toEqual(['hash-object', 'merge-tree', 'diff', 'merge-tree'])
})

test('programs that a repository names do not run while worktrees are compared', async () => {
  const canary = join(yard.lab.root, 'canary')
  const evil = join(yard.lab.root, 'evil.sh')
  await yard.lab.write(evil, `#!/bin/sh\ntouch '${canary}'\n`, 0o755)
  await appendFile(join(yard.repo, '.git/info/attributes'), '* filter=plant diff=plant merge=plant\n')
  for (const key of ['filter.plant.clean', 'diff.plant.textconv', 'diff.plant.command'])
    await yard.lab.plain(yard.repo, 'config', key, evil)
  await yard.lab.plain(yard.repo, 'config', 'merge.plant.driver', `${evil} %A`)
  await yard.lab.plain(yard.repo, 'config', 'core.fsmonitor', evil)
  for (const worktree of [left, right]) await write(worktree, 'a.txt', withLine(2, `${worktree.id}\n`))
  expect(inWords(await look(left, right))).toEqual(['a.txt: predicted-conflict'])
  await expect(rm(canary)).rejects.toThrow('ENOENT')
  await yard.lab.plain(left.path, 'diff').catch(() => undefined)
  await rm(canary)
})
