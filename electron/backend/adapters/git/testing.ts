import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { findGit } from './find-git.ts'
import { createGit, type Git } from './run-git.ts'

const execute = promisify(execFile)

/** A folder of its own with an empty home, and both ways to git: ours, and the plain command as a control. */
export interface GitLab extends AsyncDisposable {
  readonly root: string
  readonly home: string
  readonly env: Readonly<Record<string, string>>
  readonly git: Git
  /** Plain git as a person would run it in the lab's clean environment; throws on a non-zero exit. */
  readonly plain: (cwd: string, ...args: string[]) => Promise<string>
  readonly write: (path: string, text: string | Uint8Array, mode?: number) => Promise<void>
  /** A repository with one commit of `readme.md` on `main`. */
  readonly createRepository: (name: string) => Promise<string>
  readonly commitAll: (cwd: string, message: string) => Promise<string>
}

export async function createGitLab(extraEnv: Readonly<Record<string, string>> = {}): Promise<GitLab> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'switchyard-git-')))
  const home = join(root, 'home')
  await mkdir(home)
  const env = { PATH: process.env['PATH'] ?? '', HOME: home, LC_ALL: 'C', GIT_CONFIG_NOSYSTEM: '1', ...extraEnv }
  const found = await findGit(env)
  if (found.kind !== 'found') throw new Error(found.message)
  // A machine's LFS must not decide what a test finds; those about LFS ask for it.
  const git = createGit({ ...found.deps, isLfsInstalled: false })

  const plain = async (cwd: string, ...args: string[]): Promise<string> => {
    const plainEnv = { ...env, GIT_TERMINAL_PROMPT: '0' }
    const { stdout } = await execute('git', args, { cwd, env: plainEnv, maxBuffer: 64 * 1024 * 1024 })
    return stdout.replace(/\n$/, '')
  }
  const write: GitLab['write'] = async (path, text, mode = 0o644) => {
    await mkdir(dirname(path), { recursive: true })
    await writeFile(path, text, { mode })
  }
  const commitAll: GitLab['commitAll'] = async (cwd, message) => {
    await plain(cwd, 'add', '--all')
    await plain(cwd, 'commit', '--quiet', '--allow-empty', '-m', message)
    return plain(cwd, 'rev-parse', 'HEAD')
  }
  await write(join(home, '.gitconfig'), '[user]\n\tname = Test Person\n\temail = person@example.com\n')
  return {
    root,
    home,
    env,
    git,
    plain,
    write,
    commitAll,
    createRepository: async (name) => {
      const path = join(root, name)
      await mkdir(path, { recursive: true })
      await plain(path, 'init', '--quiet', '--initial-branch=main')
      await write(join(path, 'readme.md'), 'hello\n')
      await commitAll(path, 'first')
      return path
    },
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true, maxRetries: 5 }),
  }
}
