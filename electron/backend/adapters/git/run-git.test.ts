import { mkdir, readFile, symlink } from 'node:fs/promises'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fetchBranch } from './fetch.ts'
import { findGit, isAtLeast } from './find-git.ts'
import { buildGitEnvironment } from './git-environment.ts'
import { GitError } from './git-error.ts'
import { createGitLab } from './testing.ts'
import { textOf } from './run-git.ts'

test('an exit code that was declared is a result, any other is thrown with what git said', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const args = ['rev-parse', '--verify', '--quiet', 'refs/heads/none']
  expect((await lab.git.run({ cwd: repo, args, access: 'read', expect: [0, 1] })).exitCode).toBe(1)
  const error = await lab.git.run({ cwd: repo, args, access: 'read' }).catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(GitError)
  expect(error).toMatchObject({ kind: 'exit', exitCode: 1, args })
})

test('many calls at once are all answered, and one that is given up while it waits runs no more', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const given = new AbortController()
  const read = (args: string[], signal?: AbortSignal) => lab.git.run({ cwd: repo, args, access: 'read', signal })
  const calls = Array.from({ length: 40 }, (_, n) => read(['rev-parse', '--short=7', n % 2 ? 'HEAD' : 'main']))
  const last = read(['rev-parse', 'HEAD'], given.signal).catch((thrown: unknown) => thrown)
  given.abort()
  const answers = new Set((await Promise.all(calls)).map(textOf))
  expect(answers.size).toBe(1)
  expect(await last).toMatchObject({ kind: 'aborted' })
})

test('variables of the app that steer git do not reach it', async () => {
  await using lab = await createGitLab({
    GIT_DIR: '/nowhere',
    GIT_WORK_TREE: '/nowhere',
    GIT_INDEX_FILE: '/nowhere',
    GIT_CONFIG_PARAMETERS: "'core.pager=nope'",
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'user.name',
    GIT_CONFIG_VALUE_0: 'Nobody',
    GIT_TRACE: '1',
  })
  const repo = join(lab.root, 'app')
  await mkdir(repo)
  const run = (...args: string[]): Promise<string> =>
    lab.git.run({ cwd: repo, args, access: 'write' }).then((result) => textOf(result) + result.stderr)
  await run('init', '--quiet')
  expect(await run('rev-parse', '--show-toplevel')).toBe(repo)
  expect(await run('config', 'user.name')).toBe('Test Person')
})

test('the environment holds the allowed names and our own, and nothing else', () => {
  const base = { PATH: '/bin', HOME: '/h', SECRET_TOKEN: 's', GIT_SSH: 'x', LD_PRELOAD: 'x', SSH_AUTH_SOCK: '/s' }
  const input = { base, isWrite: false, config: [['a.b', 'c']] as const, entries: [] }
  const local = buildGitEnvironment({ ...input, reach: 'local' })
  expect(local).toMatchObject({
    PATH: '/bin',
    HOME: '/h',
    GIT_OPTIONAL_LOCKS: '0',
    GIT_ALLOW_PROTOCOL: 'none',
    GIT_SSH_COMMAND: 'false',
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'a.b',
    GIT_CONFIG_VALUE_0: 'c',
  })
  for (const name of ['SECRET_TOKEN', 'GIT_SSH', 'LD_PRELOAD', 'SSH_AUTH_SOCK']) expect(local).not.toHaveProperty(name)
  const network = buildGitEnvironment({ ...input, reach: 'network', isWrite: true })
  expect(network['SSH_AUTH_SOCK']).toBe('/s')
  expect(network['GIT_SSH_COMMAND']).toBe('ssh -o BatchMode=yes -o ConnectTimeout=5')
  expect(network).not.toHaveProperty('GIT_OPTIONAL_LOCKS')
  expect(network).not.toHaveProperty('SECRET_TOKEN')
})

test('ssh runs by the command of the person and never by that of the repository', () => {
  const entry = (scope: string, value: string) => ({ scope, origin: '', name: 'core.sshcommand', value })
  const sshOf = (entries: ReturnType<typeof entry>[], base = {}): string | undefined =>
    buildGitEnvironment({ base, reach: 'network', isWrite: true, config: [], entries })['GIT_SSH_COMMAND']
  expect(sshOf([entry('global', 'ssh -i ~/.ssh/work'), entry('local', 'touch /tmp/x')])).toBe(
    'ssh -i ~/.ssh/work -o BatchMode=yes -o ConnectTimeout=5',
  )
  expect(sshOf([entry('global', 'plink -batch')])).toBe('plink -batch')
  expect(sshOf([entry('worktree', 'touch /tmp/x')])).toMatch(/^ssh /)
  expect(sshOf([], { GIT_SSH_COMMAND: '/usr/bin/ssh -4' })).toMatch(/^\/usr\/bin\/ssh -4 -o BatchMode/)
})

/** Accepts connections and never says a word. */
async function startSilentServer(): Promise<
  AsyncDisposable & { readonly port: number; readonly connected: Promise<void> }
> {
  const sockets = new Set<Socket>()
  const { promise: connected, resolve } = Promise.withResolvers<void>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    resolve()
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
  return {
    port: (server.address() as AddressInfo).port,
    connected,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy()
      await new Promise((closed) => server.close(closed))
    },
  }
}

test('a call that outlives its time is ended with all its helpers', async () => {
  await using lab = await createGitLab()
  await using server = await startSilentServer()
  const repo = await lab.createRepository('app')
  const args = ['ls-remote', `http://127.0.0.1:${server.port}/x.git`]
  const error = await lab.git
    .run({ cwd: repo, args, access: 'network', timeoutMs: 300 })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ kind: 'timeout' })
})

test('a fetch that outlives its budget says so and changes nothing', async () => {
  await using lab = await createGitLab()
  await using server = await startSilentServer()
  const repo = await lab.createRepository('app')
  await lab.plain(repo, 'remote', 'add', 'origin', `http://127.0.0.1:${server.port}/x.git`)
  const sha = await lab.plain(repo, 'rev-parse', 'HEAD')
  await lab.plain(repo, 'update-ref', 'refs/remotes/origin/main', sha)
  const result = await fetchBranch(lab.git, { cwd: repo, remote: 'origin', branch: 'main', budgetMs: 300 })
  expect(result).toEqual({ kind: 'too-slow' })
  expect(await lab.plain(repo, 'rev-parse', 'refs/remotes/origin/main')).toBe(sha)
})

test('a call can be given up', async () => {
  await using lab = await createGitLab()
  await using server = await startSilentServer()
  const repo = await lab.createRepository('app')
  const controller = new AbortController()
  const args = ['ls-remote', `http://127.0.0.1:${server.port}/x.git`]
  const running = lab.git.run({ cwd: repo, args, access: 'network', signal: controller.signal })
  const ended = running.catch((thrown: unknown) => thrown)
  await server.connected
  controller.abort()
  expect(await ended).toMatchObject({ kind: 'aborted' })
  const again = await lab.git
    .run({ cwd: repo, args, access: 'network', signal: controller.signal })
    .catch((e: unknown) => e)
  expect(again).toMatchObject({ kind: 'aborted' })
})

test('output beyond its limit ends the call and is not cut silently', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  await lab.write(join(repo, 'big'), 'x'.repeat(200_000))
  await lab.commitAll(repo, 'big')
  const args = ['cat-file', 'blob', 'HEAD:big']
  const error = await lab.git.run({ cwd: repo, args, access: 'read', maxOutputBytes: 1_000 }).catch((e: unknown) => e)
  expect(error).toMatchObject({ kind: 'output-too-large' })
})

test('a folder that is gone and a program that is missing are errors of the call', async () => {
  await using lab = await createGitLab()
  const error = await lab.git
    .run({ cwd: join(lab.root, 'gone'), args: ['status'], access: 'read' })
    .catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({ kind: 'not-installed' })
})

test('git is looked for in absolute folders of PATH only', async () => {
  await using lab = await createGitLab()
  expect((await findGit({ PATH: '.:relative/bin' })).kind).toBe('missing')
  const bin = join(lab.root, 'bin')
  await lab.write(join(bin, 'git'), '#!/bin/sh\necho git version 2.30.9\n', 0o755)
  expect(await findGit({ PATH: bin })).toMatchObject({ kind: 'too-old', version: '2.30.9' })
  const found = await findGit({ PATH: `.:${lab.env['PATH'] ?? ''}` })
  expect(found.kind).toBe('found')
})

test('versions compare by number', () => {
  expect(isAtLeast('2.39.5', [2, 31])).toBe(true)
  expect(isAtLeast('2.9.0', [2, 31])).toBe(false)
  expect(isAtLeast('3.0', [2, 31])).toBe(true)
  expect(isAtLeast('2.31', [2, 31])).toBe(true)
})

test('changed configuration is seen by the very next call', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const seen = async (cwd = repo): Promise<string> =>
    (await lab.git.listConfig(cwd))
      .filter((entry) => entry.name.startsWith('filter.'))
      .map((entry) => entry.name)
      .join()
  expect(await seen()).toBe('')
  await lab.plain(repo, 'config', 'filter.a=b.clean', 'x')
  expect(await seen()).toBe('filter.a=b.clean')
  // The person's own file, and a file that did not exist when it was first included.
  await lab.write(join(lab.home, '.gitconfig'), '[filter "home"]\n\tclean = x\n')
  expect(await seen()).toBe('filter.home.clean,filter.a=b.clean')
  await lab.plain(repo, 'config', 'include.path', '../later')
  expect(await seen()).toBe('filter.home.clean,filter.a=b.clean')
  await lab.write(join(repo, 'later'), '[filter "later"]\n\tclean = x\n')
  expect(await seen()).toContain('filter.later.clean')
  await lab.plain(repo, 'config', 'extensions.worktreeConfig', 'true')
  await lab.write(join(repo, '.git', 'config.worktree'), '[filter "own"]\n\tclean = x\n')
  expect(await seen()).toContain('filter.own.clean')
  const link = join(lab.root, 'link')
  await symlink(repo, link)
  expect(await seen(link)).toContain('filter.own.clean')
})

test('an unchanged configuration is listed once', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const first = await lab.git.listConfig(repo)
  expect(await lab.git.listConfig(repo)).toBe(first)
  const text = await readFile(join(repo, '.git', 'config'), 'utf8')
  await lab.write(join(repo, '.git', 'config'), `${text}# a comment\n`)
  expect(await lab.git.listConfig(repo)).not.toBe(first)
})
