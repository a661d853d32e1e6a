import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Worktree } from '../../../../shared/contract/worktrees.ts'
import type { GitRequest } from '../../adapters/git/run-git.ts'
import { watchFolder, type WatchRequest } from '../../adapters/watch-folder.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { createYard, newBranch, valueOf, type Yard } from './testing.ts'
import { mostNamedPaths } from './touched-rules.ts'
import type { WorktreesService } from './worktrees-service.ts'

let yard: Yard
let tree: Worktree
let runs: GitRequest[]
let service: WorktreesService

/** The worktree's row once it says what is expected. */
const until = (isRight: (row: Worktree) => boolean): Promise<Worktree> => {
  const look = async () => {
    const row = await yard.row(tree.id)
    return row && isRight(row) ? row : null
  }
  return vi.waitUntil(look, { timeout: 60_000, interval: 10 })
}
const at = (name: string) => join(tree.path, name)
const write = (name: string, text: string) => yard.lab.write(at(name), text)
const git = (...args: string[]) => yard.lab.plain(tree.path, ...args)
const wholeLooks = () => runs.filter(({ args }) => args[0] === 'status' && args.at(-1) === '--').length

/** A worktree whose watch stands and has been looked at for the first time. */
const open = async (watch: typeof watchFolder) => {
  yard = await createYard()
  runs = []
  const run = (request: GitRequest) => {
    runs.push(request)
    return yard.lab.git.run(request)
  }
  service = yard.restart({ ...yard.lab.git, run }, watch)
  tree = await yard.make(newBranch)
  const looked = Promise.withResolvers<void>()
  let looks = 0
  const stop = service.onLook(() => {
    looks += 1
    if (looks === 2) looked.resolve()
  })
  await service.refreshAll(new AbortController().signal)
  if (watch === watchFolder) await looked.promise
  stop()
}

beforeEach(() => open(watchFolder))
afterEach(async () => {
  await service.close()
  await yard[Symbol.asyncDispose]()
})

test('an edit is seen by itself, and nothing but what was touched is looked at', async () => {
  const before = wholeLooks()
  await write('readme.md', 'hello\nworld\n')
  await until((row) => row.added === 1)
  await write('src/deep/new.txt', 'one\ntwo\n')
  expect(await until((row) => row.added === 3)).toMatchObject({ changedFiles: 2, untrackedFiles: 1, removed: 0 })
  await write('readme.md', 'hello\n')
  expect(await until((row) => row.added === 2)).toMatchObject({ changedFiles: 1 })
  await rm(at('src'), { recursive: true })
  expect(await until((row) => row.added === 0)).toMatchObject({ changedFiles: 0, untrackedFiles: 0 })
  expect(wholeLooks()).toBe(before)
})

test('a tracked file that is edited again costs one process, and everything else is told as it is', async () => {
  await write('src/new.txt', 'one\n')
  await write('readme.md', 'hello\nworld\n')
  await until((row) => row.added === 2)
  await service.refresh(tree.id)
  const counts: string[] = []
  for (const text of ['hello\nwide\nworld\n', 'hello\nwide\nwild\nworld\n']) {
    runs.length = 0
    await write('readme.md', text)
    const row = await until(({ added }) => added === text.split('\n').length - 1)
    expect(row).toMatchObject({ changedFiles: 2, untrackedFiles: 1 })
    counts.push(runs.map(({ args }) => args[0]).join(' '))
  }
  expect(counts).toEqual(['diff', 'diff'])
  // Put back, and a commit that moves everything: a diff alone would not tell.
  await write('readme.md', 'hello\n')
  expect(await until((row) => row.changedFiles === 1)).toMatchObject({ added: 1, untrackedFiles: 1 })
  await git('add', '--all')
  await git('commit', '-qm', 'new')
  const head = await git('rev-parse', 'HEAD')
  await write('readme.md', 'hello\nagain\n')
  expect(await until((row) => row.headSha === head && row.added === 2)).toMatchObject({ untrackedFiles: 0 })
})

test('renamed, deleted and re-moded files, and odd names, give the numbers that a look at everything gives', async () => {
  await write('long.txt', 'line\n'.repeat(40))
  await write('gone.txt', 'bye\n')
  await git('add', '--all')
  await until((row) => row.changedFiles === 2)
  await git('commit', '-qm', 'two files')
  await rename(at('long.txt'), at('moved.txt'))
  await rm(at('gone.txt'))
  await chmod(at('readme.md'), 0o755)
  await write('new\nline', 'x\n')
  await write('日本語.txt', 'x\r\ny\r\n')
  await until((row) => row.untrackedFiles === 3)
  await git('add', '--all')
  const seen = await until((row) => row.changedFiles === 4 && row.untrackedFiles === 0)
  const whole = valueOf(await service.refresh(tree.id))
  expect({ ...seen, checkedAt: null }).toEqual({ ...whole, checkedAt: null })
})

test('a commit, another branch and what only the index says are seen', async () => {
  await write('readme.md', 'changed\n')
  await git('commit', '-qam', 'change')
  const head = await git('rev-parse', 'HEAD')
  expect(await until((row) => row.headSha === head)).toMatchObject({ added: 1, removed: 1 })
  await git('switch', '-q', '-c', 'aside')
  await until((row) => row.branch === 'aside')
  await git('rm', '-q', '--cached', 'readme.md')
  await until((row) => row.untrackedFiles === 1)
})

test('a file that git ignores costs a look once, and is seen when it is ignored no more', async () => {
  await write('.gitignore', '*.log\n')
  await until((row) => row.untrackedFiles === 1)
  await write('run.log', 'one\n')
  await until(() => runs.some(({ args }) => args[0] === 'ls-files' && args.includes('run.log')))
  await write('marker', 'x')
  await until((row) => row.untrackedFiles === 2)
  await write('run.log', 'one\ntwo\n')
  await write('.gitignore', '')
  expect(await until((row) => row.untrackedFiles === 3)).toMatchObject({ added: 3 })
})

test('many files at once are one look at everything, and an ignored folder is watched no longer', async () => {
  await write('.gitignore', 'node_modules/\n')
  await until((row) => row.untrackedFiles === 1)
  await until(() => runs.filter(({ args }) => args.includes('--ignored=matching')).length >= 3)
  const before = runs.length
  await mkdir(at('node_modules'))
  const files = Array.from({ length: mostNamedPaths * 3 }, (_, n) => at(`node_modules/${n}.js`))
  await Promise.all(files.map((file) => writeFile(file, 'x')))
  await until(() => runs.slice(before).some(({ args }) => args.includes('--ignored=matching')))
  await write('marker', 'x')
  await until((row) => row.untrackedFiles === 2)
  expect(runs.length - before).toBeLessThan(40)
  const quiet = runs.length
  await write('node_modules/late.js', 'x')
  await write('marker', 'x\ny\n')
  await until((row) => row.added === 3)
  expect(runs.slice(quiet).filter(({ args }) => args.some((arg) => arg.includes('late')))).toEqual([])
})

test('a worktree that is removed while watched ends its watch, and one that comes back is watched again', async () => {
  await write('work.txt', 'work\n')
  await until((row) => row.untrackedFiles === 1)
  valueOf(await service.remove(tree.id, { deleteBranch: false }, by))
  valueOf(await service.restore(tree.id, by))
  await until((row) => row.state.kind === 'ok' && row.untrackedFiles === 1)
  await service.refreshAll(new AbortController().signal)
  await write('more.txt', 'more\n')
  await until((row) => row.untrackedFiles === 2)
})

test('a folder that vanishes under the watch is found missing by the next round', async () => {
  await rm(tree.path, { recursive: true })
  await service.refreshAll(new AbortController().signal)
  await until((row) => row.state.kind === 'missing')
})

test('a round leaves watched worktrees alone, but not when what git would run has changed', async () => {
  const before = runs.length
  await service.refreshAll(new AbortController().signal)
  expect(runs.length).toBe(before)
  await yard.lab.write(join(yard.repo, '.git/hooks/post-checkout'), '#!/bin/sh\n', 0o755)
  await service.refreshAll(new AbortController().signal)
  expect((await yard.row(tree.id))?.notes.join(' ')).toContain('hooks/post-checkout')
})

test.each([
  ['cannot start', () => Promise.reject(new Error('inotify: no space left on device'))],
  [
    'fails later',
    async ({ onFailure }: WatchRequest) => {
      setImmediate(() => onFailure(new Error('events were dropped')))
      return { stop: async () => undefined }
    },
  ],
])('where watching %s, each round looks', async (_name, watch) => {
  await service.close()
  await yard[Symbol.asyncDispose]()
  await open(watch)
  await new Promise((next) => setImmediate(next))
  await write('readme.md', 'hello\nworld\n')
  await service.refreshAll(new AbortController().signal)
  expect(await yard.row(tree.id)).toMatchObject({ added: 1 })
})
