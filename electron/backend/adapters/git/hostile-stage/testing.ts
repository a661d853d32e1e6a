import { spawn } from 'node:child_process'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { GitLab } from '../testing.ts'

/** A repository with a linked worktree full of work, an upstream, and room to plant something in. */
export interface Ground {
  readonly lab: GitLab
  readonly base: string
  readonly origin: string
  readonly repo: string
  readonly tree: string
  /** Serves nothing and always asks who is there. */
  readonly lockedUrl: string
}

/** The ground with what one plant needs: a canary of its own tells which of several plants was run. */
export interface Stage extends Ground {
  /** A program that leaves the canary and copies its input to its output. */
  readonly evil: string
  /** The same without reading: for places where nobody ever ends the input. */
  readonly quiet: string
  readonly canary: string
}

export async function prepareGround(lab: GitLab, name: string, lockedUrl: string): Promise<Ground> {
  const base = join(lab.root, name)
  await mkdir(base)
  const [origin, repo, tree] = [join(base, 'origin'), join(base, 'repo'), join(base, 'tree')]
  await lab.createRepository(`${name}/origin`)
  await lab.write(join(origin, '.gitattributes'), '*.dat filter=plant diff=plant merge=plant\n')
  await lab.write(join(origin, 'one.dat'), 'one\ntwo\nthree\n')
  await lab.write(join(origin, 'two.dat'), 'two\n')
  await lab.commitAll(origin, 'data')
  await lab.plain(base, 'clone', '--quiet', origin, repo)
  await lab.plain(repo, 'worktree', 'add', '--quiet', '-b', 'work', tree)
  await lab.write(join(repo, 'one.dat'), 'main side\ntwo\nthree\n')
  await lab.commitAll(repo, 'main side')
  await lab.write(join(tree, 'one.dat'), 'work side\ntwo\nthree\n')
  await lab.commitAll(tree, 'work side')
  await lab.commitAll(origin, 'upstream moved on')
  await lab.write(join(tree, 'two.dat'), 'changed\n')
  await lab.write(join(tree, 'staged.dat'), 'staged\n')
  await lab.plain(tree, 'add', 'staged.dat')
  await lab.write(join(tree, 'untracked.dat'), 'untracked\n')
  return { lab, base, origin, repo, tree, lockedUrl }
}

export async function setStage(ground: Ground, number: number): Promise<Stage> {
  const { lab, base } = ground
  const canary = join(base, `canary-${number}`)
  const evil = join(base, `evil-${number}.sh`)
  await lab.write(evil, `#!/bin/sh\ntouch '${canary}'\ncat 2>/dev/null\nexit 0\n`, 0o755)
  const quiet = join(base, `quiet-${number}.sh`)
  await lab.write(quiet, `#!/bin/sh\ntouch '${canary}'\nexit 0\n`, 0o755)
  return { ...ground, evil, quiet, canary }
}

/** What a person does in a day, with plain git; failures are part of it. */
export async function runPlainGit({ lab, repo, tree }: Ground): Promise<void> {
  const env = { ...lab.env, TERM: 'xterm' }
  const run = (cwd: string, program: string, ...args: string[]): Promise<void> =>
    new Promise((done) => {
      const child = spawn(program, args, { cwd, env, stdio: 'ignore', detached: true })
      // What is planted may never end; its whole group goes then, helpers of git included.
      const timer = setTimeout(() => child.pid && process.kill(-child.pid, 'SIGKILL'), 20_000)
      const end = (): void => {
        clearTimeout(timer)
        done()
      }
      child.on('error', end)
      child.on('exit', end)
    })
  const git = (cwd: string, ...args: string[]): Promise<void> => run(cwd, 'git', ...args)
  await git(tree, 'status')
  await git(join(tree, 'docs'), 'status')
  await run(tree, 'script', '-qec', 'git log -1; git status', '/dev/null')
  await git(tree, 'st')
  await git(tree, 'diff')
  await git(tree, 'log', '-p', '-2')
  await git(tree, 'cat-file', '-p', 'main:one.dat')
  await git(repo, 'worktree', 'add', '-b', 'switchyard/plain', join(tree, '..', 'plain'))
  await git(repo, 'fetch', 'origin')
  await git(tree, 'archive', '--format=plant', '-o', '/dev/null', 'HEAD')
  await git(tree, 'interpret-trailers', '--trailer', 'plant=1', join(tree, 'two.dat'))
  await git(tree, 'add', '--all')
  await git(tree, 'commit', '-m', 'by hand')
  await git(tree, 'commit', '--amend')
  await git(tree, 'submodule', 'update', '--init', '--force')
  await git(tree, 'merge', '--no-edit', 'main')
  await git(tree, 'merge', '--abort')
  await git(tree, 'rebase', '-i', 'HEAD~1')
  await git(repo, 'gc', '--auto')
}
