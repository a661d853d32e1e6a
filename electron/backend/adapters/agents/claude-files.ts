import { watch, type FSWatcher } from 'node:fs'
import { readdir, readFile, stat } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { isSameProcess } from '../processes.ts'
import type { ConversationFacts, ConversationQuery, Environment, StatusReading, StatusWatch } from './agent-adapter.ts'

/** Where Claude Code keeps its own files. */
export const claudeFolder = (environment: Environment): string =>
  environment['CLAUDE_CONFIG_DIR'] ?? join(environment['HOME'] ?? environment['USERPROFILE'] ?? homedir(), '.claude')

const statusFileSchema = z.object({
  pid: z.number().int().positive(),
  sessionId: z.string(),
  // Missing while it starts; an unknown word of a later version says nothing.
  status: z.enum(['idle', 'shell', 'busy', 'waiting']).nullable().catch(null),
  waitingFor: z.string().max(200).nullable().catch(null),
  statusUpdatedAt: z.number().catch(0),
  procStart: z.string().nullable().catch(null),
  messagingSocketPath: z.string().max(500).nullable().catch(null),
})
type StatusFile = z.infer<typeof statusFileSchema>

// Files that are being replaced, of other versions, or of no JSON at all are the same to us: there is nothing to read.
const readJson = async (path: string): Promise<unknown> => {
  const text = await readFile(path, 'utf8').catch(() => '')
  // Expects SyntaxError: the CLI rewrites its files in place, so half of one may be read.
  try {
    return text === '' ? null : (JSON.parse(text) as unknown)
  } catch {
    return null
  }
}

const readStatusFile = async (path: string): Promise<StatusFile | null> => {
  const json = await readJson(path)
  // Looked for twice a second for each session; most that is missing is missing each time.
  if (json === null) return null
  const parsed = statusFileSchema.safeParse(json)
  if (!parsed.success) return null
  const { pid, procStart } = parsed.data
  // Files of killed sessions stay, and pids are given again.
  const start = process.platform === 'linux' ? procStart : null
  return (await isSameProcess({ pid, start })) ? parsed.data : null
}

const listStatusFiles = async (folder: string) => {
  const names = await readdir(folder).catch(() => [])
  const found = await Promise.all(
    names.filter((name) => /^\d+\.json$/.test(name)).map((name) => readStatusFile(join(folder, name))),
  )
  return found.filter((file) => file !== null)
}

/** What is known of a conversation: whether its transcript is there, and which living process has it open. */
export const inspectClaudeConversation = async (query: ConversationQuery): Promise<ConversationFacts> => {
  const folder = claudeFolder(query.environment)
  const open = (await listStatusFiles(join(folder, 'sessions'))).find((file) => file.sessionId === query.conversationId)
  const projects = join(folder, 'projects')
  const candidates = (await readdir(projects).catch(() => [])).map((name) =>
    join(projects, name, `${query.conversationId}.jsonl`),
  )
  const paths = query.recordPath === null ? candidates : [query.recordPath, ...candidates]
  const found = await Promise.all(paths.map(hasConversation))
  return { record: found.includes(true) ? 'exists' : 'missing', openIn: open ? { pid: open.pid } : null }
}

/** Kinds of lines that stand in a transcript before anything was said. */
const preambleKinds = ['mode', 'permission-mode', 'atis-latch', 'file-history-snapshot', 'tools-used']
/** A preamble has a few hundred bytes; what is longer than this is not read. */
const longestPreamble = 64 * 1024

/**
 * Whether there is something to resume. The CLI writes the head of a transcript at the first prompt and the rest some
 * seconds later; killed in between it says "No conversation found" when it is resumed. Unknown kinds of lines count as a
 * conversation, since a later version may have other words.
 */
const hasConversation = async (path: string): Promise<boolean> => {
  const size = await stat(path).then(
    (found) => found.size,
    () => 0,
  )
  if (size === 0 || size > longestPreamble) return size > 0
  const lines = (await readFile(path, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
  return lines.some((line) => !preambleKinds.includes(/"type":"([^"]*)"/.exec(line)?.[1] ?? ''))
}

/**
 * Tells each reading of the session's status file: at once when it changes where the system tells of changes, and every
 * half second anyway, since notices can be lost and a reading that stays the same also says something.
 */
const pollMs = 500

export const watchClaudeStatus = (options: StatusWatch): (() => void) => {
  const folder = join(claudeFolder(options.environment), 'sessions')
  let isStopped = false
  let isReading = false
  let watcher: FSWatcher | null = null

  const read = async () => {
    if (isReading || isStopped) return
    isReading = true
    const file = await findStatusFile(folder, options)
    isReading = false
    const reading = file && readingOf(file, options.now())
    if (reading && !isStopped) options.onReading(reading)
  }
  const startWatcher = () => {
    // Expects ENOENT (no session has run yet) and ENOSPC (too many watches): the poll is enough then.
    try {
      watcher = watch(folder, { persistent: false }, () => void read())
      watcher.on('error', () => {
        watcher?.close()
        watcher = null
      })
    } catch {
      watcher = null
    }
  }
  const timer = setInterval(() => {
    if (!watcher) startWatcher()
    void read()
  }, pollMs)
  timer.unref()
  startWatcher()
  void read()
  return () => {
    isStopped = true
    clearInterval(timer)
    watcher?.close()
  }
}

/** Where a session takes messages of other sessions; null where its version has no such place. */
export const findClaudeInbox = async (
  query: Pick<StatusWatch, 'pid' | 'environment'> & { readonly conversationId: string },
): Promise<string | null> => {
  const folder = join(claudeFolder(query.environment), 'sessions')
  const file = await findStatusFile(folder, { pid: query.pid, conversationId: () => query.conversationId })
  return file?.messagingSocketPath ?? null
}

/** The file of the terminal's own process or, where a wrapper started the CLI, the one of its conversation. */
const findStatusFile = async (folder: string, options: Pick<StatusWatch, 'pid' | 'conversationId'>) =>
  (await readStatusFile(join(folder, `${options.pid}.json`))) ??
  (await listStatusFiles(folder)).find((file) => file.sessionId === options.conversationId()) ??
  null

const readingOf = (file: StatusFile, readAt: number): StatusReading | null =>
  file.status && {
    conversationId: file.sessionId,
    // `shell` is idle while a command still runs in the background.
    status: file.status === 'shell' ? 'idle' : file.status,
    waitingFor: file.waitingFor,
    changedAt: file.statusUpdatedAt,
    readAt,
  }

/** True when the person's, the project's or the organisation's settings have a status line. */
export const hasClaudeStatusLine = async (query: {
  worktreePath: string
  environment: Environment
}): Promise<boolean> => {
  const managed =
    process.platform === 'darwin'
      ? '/Library/Application Support/ClaudeCode/managed-settings.json'
      : process.platform === 'win32'
        ? 'C:\\Program Files\\ClaudeCode\\managed-settings.json'
        : '/etc/claude-code/managed-settings.json'
  const files = [
    join(claudeFolder(query.environment), 'settings.json'),
    join(query.worktreePath, '.claude', 'settings.json'),
    join(query.worktreePath, '.claude', 'settings.local.json'),
    managed,
  ]
  const settings = await Promise.all(files.map(readJson))
  return settings.some((value) => value !== null && typeof value === 'object' && 'statusLine' in value)
}
