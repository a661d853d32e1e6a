import { constants } from 'node:fs'
import { access } from 'node:fs/promises'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import type { Environment } from './git-environment.ts'
import type { GitDeps } from './run-git.ts'
import { spawnGit } from './spawn-git.ts'

export type FoundGit =
  | { readonly kind: 'found'; readonly deps: GitDeps }
  | { readonly kind: 'missing'; readonly message: string }
  | { readonly kind: 'too-old'; readonly version: string; readonly message: string }

/** GIT_CONFIG_COUNT, on which the hardening rests, came with 2.31. */
const oldestVersion = [2, 31] as const

/** Looks git (and git-lfs) up in absolute PATH folders only, so that no repository can put its own in front. */
export async function findGit(env: Environment): Promise<FoundGit> {
  const gitPath = await findOnPath(env, 'git')
  if (gitPath === null) {
    return { kind: 'missing', message: 'git was not found. Install git 2.31 or later and start Switchyard again.' }
  }
  const result = await spawnGit({
    gitPath,
    cwd: homedir(),
    args: ['--version'],
    env: { PATH: env['PATH'] ?? '', LC_ALL: 'C' },
    timeoutMs: 10_000,
    maxOutputBytes: 10_000,
  })
  const version = /\d+\.\d+(?:\.\d+)*/.exec(result.stdout.toString('utf8'))?.[0] ?? '0.0'
  if (!isAtLeast(version, oldestVersion)) {
    const message = `git ${version} is too old: Switchyard needs git 2.31 or later. Update git and start Switchyard again.`
    return { kind: 'too-old', version, message }
  }
  const isLfsInstalled = (await findOnPath(env, 'git-lfs')) !== null
  return { kind: 'found', deps: { gitPath, version, isLfsInstalled, env } }
}

/** Compares dotted versions; `2.39.5` is at least [2, 31]. */
export function isAtLeast(version: string, wanted: readonly number[]): boolean {
  const parts = version.split('.').map(Number)
  for (const [index, part] of wanted.entries()) {
    const have = parts[index] ?? 0
    if (have !== part) return have > part
  }
  return true
}

async function findOnPath(env: Environment, name: string): Promise<string | null> {
  const suffix = process.platform === 'win32' ? '.exe' : ''
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    if (!isAbsolute(folder)) continue
    const candidate = join(folder, name + suffix)
    const isThere = await access(candidate, constants.X_OK).then(
      () => true,
      () => false,
    )
    if (isThere) return candidate
  }
  return null
}
