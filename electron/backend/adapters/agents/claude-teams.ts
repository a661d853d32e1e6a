import { constants, watch, type FSWatcher } from 'node:fs'
import { open, readdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { mostTeamTasks } from '../../../../shared/contract/teams.ts'
import type { TeamFollower, TeamWatch } from './agent-adapter.ts'
import { claudeFolder } from './claude-files.ts'
import { configFrom, inboxFrom, inboxOwner, taskFrom, taskIdOf, teamNameOf } from './claude-teams-reading.ts'
import type { ReadTasks, ReadTeamMessage, TeamReading } from './team-rules.ts'

/** It holds the prompt of each teammate. */
const longestConfig = 1024 * 1024
const longestFile = 256 * 1024
/** More than one list can hold; of the rest of a folder not even the names are kept. */
const mostNames = 10_000
const mostInboxes = 64

/** A file is written in several steps, and several files at once. */
const settleMs = 60
/** Folders come later than the watch, and notices can be lost. */
const lookAnywayMs = 2000

interface Folders {
  readonly team: string
  readonly inboxes: string
  readonly tasks: string
}

/**
 * Follows the files of one team of Claude Code, which are never written here. At most three folders are watched, and
 * nothing below them. What an agent has put there is not trusted: links are not followed, files are read up to a size.
 */
export const watchClaudeTeam = ({ conversationId, environment, onReading }: TeamWatch): TeamFollower => {
  const name = teamNameOf(conversationId)
  if (name === null) return { lookSoon: () => undefined, stop: () => undefined }
  const base = claudeFolder(environment)
  const watchers = new Map<string, FSWatcher>()
  let isStopped = false
  let isLooking = false
  let isDue = false
  let soon: NodeJS.Timeout | null = null
  let last = ''

  const look = async () => {
    isDue = isLooking
    if (isLooking || isStopped) return
    isLooking = true
    const folders = await findFolders(base, name)
    const isNew = !isStopped && watchAll(folders)
    const reading = await readTeam(folders)
    isLooking = false
    const print = JSON.stringify(reading)
    if (!isStopped && print !== last) {
      last = print
      onReading(reading)
    }
    // What changed before a watch stood was not heard of.
    if (isDue || isNew) lookSoon()
  }
  const lookSoon = () => {
    if (isStopped) return
    soon ??= setTimeout(() => {
      soon = null
      void look()
    }, settleMs)
  }
  const leave = (folder: string) => {
    watchers.get(folder)?.close()
    watchers.delete(folder)
  }
  const watchAll = (folders: Folders): boolean => {
    const wanted = Object.values(folders).filter((folder) => folder !== '')
    for (const folder of watchers.keys()) if (!wanted.includes(folder)) leave(folder)
    const missing = wanted.filter((folder) => !watchers.has(folder))
    for (const folder of missing) {
      const watcher = watchEntriesOf(folder, lookSoon)
      watcher?.on('error', () => leave(folder))
      if (watcher) watchers.set(folder, watcher)
    }
    return missing.some((folder) => watchers.has(folder))
  }

  const timer = setInterval(lookSoon, lookAnywayMs)
  timer.unref()
  lookSoon()
  return {
    lookSoon,
    stop: () => {
      isStopped = true
      clearInterval(timer)
      if (soon) clearTimeout(soon)
      for (const folder of watchers.keys()) leave(folder)
    },
  }
}

const watchEntriesOf = (folder: string, onChange: () => void): FSWatcher | null => {
  // Expects ENOENT (it went in this moment) and ENOSPC (too many watches): what is looked at anyway is enough then.
  try {
    return watch(folder, { persistent: false }, onChange)
  } catch {
    return null
  }
}

/** The folders that are there and lie where they should: empty for one that is missing, or is a link to elsewhere. */
const findFolders = async (base: string, name: string): Promise<Folders> => {
  const home = await realpath(base).catch(() => null)
  const find = async (...parts: string[]) => {
    const path = home === null ? '' : join(home, ...parts)
    return home !== null && (await realpath(path).catch(() => null)) === path ? path : ''
  }
  const [team, inboxes, tasks] = await Promise.all([
    find('teams', name),
    find('teams', name, 'inboxes'),
    find('tasks', name),
  ])
  return { team, inboxes, tasks }
}

const readTeam = async ({ team, inboxes, tasks }: Folders): Promise<TeamReading> => ({
  teammates: team === '' ? null : configFrom(await readJson(join(team, 'config.json'), longestConfig)),
  tasks: tasks === '' ? null : await readTasks(tasks),
  messages: inboxes === '' ? [] : await readInboxes(inboxes),
})

const readTasks = async (folder: string): Promise<ReadTasks | null> => {
  const names = await readdir(folder).catch(() => null)
  if (names === null) return null
  const all = names.flatMap((name) => taskIdOf(name) ?? []).toSorted((a, b) => Number(a) - Number(b))
  const ids = all.slice(-mostNames)
  // They are numbered as they are made: the newest are those that somebody still works on.
  const read = await Promise.all(
    ids.slice(-mostTeamTasks).map(async (id) => taskFrom(id, await readJson(join(folder, `${id}.json`), longestFile))),
  )
  return { ids, readable: read.filter((task) => task !== null) }
}

const readInboxes = async (folder: string): Promise<readonly ReadTeamMessage[]> => {
  const names = await readdir(folder).catch(() => [])
  const owners = names.flatMap((name) => inboxOwner(name) ?? []).toSorted()
  const read = await Promise.all(
    owners
      .slice(0, mostInboxes)
      .map(async (owner) => inboxFrom(owner, await readJson(join(folder, `${owner}.json`), longestFile))),
  )
  return read.flat()
}

/** Null for what is no file, too large, or not readable yet: the CLI rewrites its files in place. */
const readJson = async (path: string, longest: number): Promise<unknown> => {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
  // Without waiting for anybody at the other end of a pipe. Windows has neither flag, nor links without a right.
  const file = await open(path, O_RDONLY | (O_NOFOLLOW ?? 0) | (O_NONBLOCK ?? 0)).catch(() => null)
  if (!file) return null
  const read = async (): Promise<unknown> => {
    const facts = await file.stat()
    if (!facts.isFile() || facts.size > longest) return null
    const { buffer, bytesRead } = await file.read(Buffer.alloc(facts.size), 0, facts.size, 0)
    return JSON.parse(buffer.toString('utf8', 0, bytesRead))
  }
  const value = await read().catch(() => null)
  await file.close().catch(() => undefined)
  return value
}
