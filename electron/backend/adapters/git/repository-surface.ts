import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isRepositoryScope } from './config-entries.ts'
import type { Git } from './run-git.ts'

/** What in a repository can make git run a program, each by its name: hooks, attributes, settings. */
export interface RepositorySurface {
  readonly hash: string
  readonly hashesByName: Readonly<Record<string, string>>
}

/** Change with everyday work and name no program: upstreams, where remotes are, which submodules are there. */
const everydaySettings =
  /^(?:branch\.[^]*|remote\.[^]*\.(?:fetch|pushurl|url)|submodule\.[^]*\.(?:active|url)|user\.[^]*|gc\.[^]*|core\.repositoryformatversion|extensions\.[^]*)$/

/**
 * Hashes hooks, attributes and the repository's own settings, those of included files among them. Taken when a session
 * starts and compared later: a difference means that something planted, or the person changed, what git runs.
 */
export async function readRepositorySurface(git: Git, cwd: string, commonDir: string): Promise<RepositorySurface> {
  const valuesByName = new Map<string, string>()
  for (const entry of await git.listConfig(cwd)) {
    if (!isRepositoryScope(entry.scope) || everydaySettings.test(entry.name)) continue
    valuesByName.set(entry.name, `${valuesByName.get(entry.name) ?? ''}\0${entry.value}`)
  }
  const hashesByName: Record<string, string> = {}
  for (const [name, value] of valuesByName) hashesByName[name] = hashOf(value)
  const hookNames = await readdir(join(commonDir, 'hooks')).catch((): string[] => [])
  const hooks = hookNames.filter((name) => !name.endsWith('.sample')).map((name) => `hooks/${name}`)
  for (const name of ['info/attributes', ...hooks]) {
    // A file that is not there, or a folder in its place, has nothing that git would run.
    const bytes = await readFile(join(commonDir, name)).catch(() => null)
    if (bytes !== null) hashesByName[name] = hashOf(bytes)
  }
  const names = Object.keys(hashesByName).sort()
  return { hash: hashOf(JSON.stringify(names.map((name) => [name, hashesByName[name]]))), hashesByName }
}

/** Names of what was added, removed or changed between two surfaces. */
export function compareSurfaces(before: RepositorySurface, after: RepositorySurface): readonly string[] {
  const names = new Set([...Object.keys(before.hashesByName), ...Object.keys(after.hashesByName)])
  return [...names].filter((name) => before.hashesByName[name] !== after.hashesByName[name]).sort()
}

function hashOf(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
