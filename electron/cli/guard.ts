import { execFile } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { appendFile, mkdir, readFile, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { exitCodes } from '../../shared/agent-verbs/exit-codes.ts'
import { verbs, type VerbOutput } from '../../shared/agent-verbs/verbs.ts'
import { reach } from './ask.ts'
import type { CliWorld } from './cli-world.ts'
import { findSessionEntry, type Entry } from './entry.ts'
import { inertLine } from './inert-text.ts'

type Checked = VerbOutput<'lease.check'>

/** As many as the verb takes at once. */
const mostPaths = 200

/**
 * Asks whether what is staged may be committed beside the leases of other sessions. Refuses only what a lease forbids: an
 * app that is away lets a commit pass, which is counted and said.
 */
export const guardCommit = async (world: CliWorld): Promise<number> => {
  const entry = findSessionEntry(world)
  // No session, as in the shell of a person: nobody to guard.
  if (!entry) return exitCodes.ok
  const paths = await listStaged()
  if (paths.length === 0) return exitCodes.ok
  // One line each: names of files and titles of sessions must not look like another one.
  const tell = (line: string) => world.printProblem(`switchyard: ${inertLine(line)}\n`)
  const checked = await checkPaths(world, entry, paths)
  const file = unguardedFile(world.environment)
  if (checked === null) {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 })
    await appendFile(file, `${world.now()} ${paths.length}\n`, { mode: 0o600 })
    tell('the app is away, so this commit was not checked against the leases of others.')
    return exitCodes.ok
  }
  const passed = (await readFile(file, 'utf8').catch(() => '')).split('\n').length - 1
  if (passed > 0) tell(`${passed} commits before this one were not checked, because the app was away.`)
  await rm(file, { force: true })
  for (const { path, message } of checked.warned) tell(`${path}: ${message}`)
  for (const { path, message } of checked.refused) tell(`${path} may not be committed: ${message}`)
  if (checked.refused.length === 0) return exitCodes.ok
  tell('Nothing was committed. Unstage what is not yours (git restore --staged PATH), then commit the rest.')
  return exitCodes.refused
}

/** A line for each commit that passed unchecked: when, and how many files it had. */
const unguardedFile = ({ SWITCHYARD_GATEWAY_FILE = '', SWITCHYARD_SESSION = '' }: CliWorld['environment']) =>
  join(dirname(SWITCHYARD_GATEWAY_FILE), SWITCHYARD_SESSION, 'unguarded-commits')

/** Null when nobody decided. */
const checkPaths = async (world: CliWorld, entry: Entry, paths: readonly string[]): Promise<Checked | null> => {
  const all: Checked = { refused: [], warned: [] }
  for (let from = 0; from < paths.length; from += mostPaths) {
    const input = { paths: paths.slice(from, from + mostPaths), commit: true }
    const called = await reach(world, entry, { name: 'lease.check', input, requestId: randomUUID() }, 'none')
    const parsed =
      called.kind === 'answered' && called.answer.ok ? verbs['lease.check'].output.safeParse(called.answer.value) : null
    if (!parsed?.success) return null
    all.refused.push(...parsed.data.refused)
    all.warned.push(...parsed.data.warned)
  }
  return all
}

/** From the root of the repository. A renamed file is one that goes and one that comes: both may be leased. */
const listStaged = (): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const args = ['diff', '--cached', '--name-only', '-z', '--no-renames', '--no-ext-diff', '--ignore-submodules=none']
    execFile('git', args, { maxBuffer: 64 * 1024 * 1024 }, (error, stdout) =>
      error ? reject(error) : resolve(stdout.split('\0').filter((path) => path !== '')),
    )
  })
