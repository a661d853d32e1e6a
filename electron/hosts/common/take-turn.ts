import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { takeOwnerLock } from './owner-lock.ts'
import { isAlive } from './is-alive.ts'

/** Longer than a hundred commands in line, and shorter than a person's patience. */
const patienceMs = 30_000
// Of those in line only the first tries, so it may try often: all the others wait for each moment that it is late.
const pauseMs = 2
// The further back, the longer until it can be one's turn. Many that look all the time keep the one who works from working.
const pausePerPlaceMs = 8
const longestPauseMs = 250
/** A first in line that does not move in this time has lost its way; the others no longer wait for it. */
const politeMs = 3000

/**
 * Holds the data folder for the time of one piece of work, as the app holds it while it runs: the app, and every other
 * process that works without it, waits. First come, first served: SQLite's own waiting lets a late one overtake for ever.
 * Null when it is not had in time, which is so while the app runs, or when it is over before.
 */
export const takeTurn = async <Value>(
  dataDir: string,
  work: () => Promise<Value>,
  mostMs = patienceMs,
  isOver: () => boolean = () => false,
): Promise<{ readonly value: Value } | null> => {
  const line = join(dataDir, 'turns')
  await mkdir(line, { recursive: true, mode: 0o700 })
  const begun = Date.now()
  const ticket = `${String(begun).padStart(13, '0')}-${process.pid}-${Math.random().toString(36).slice(2, 8)}`
  await writeFile(join(line, ticket), '', { mode: 0o600 })
  const lock = await waitInLine({ dataDir, line, ticket, begun, mostMs, isOver })
  await rm(join(line, ticket), { force: true })
  if (!lock) return null
  return { value: await work().finally(() => lock.release()) }
}

interface Waiting {
  readonly dataDir: string
  readonly line: string
  readonly ticket: string
  readonly begun: number
  readonly mostMs: number
  /** There is nothing more to wait for. */
  readonly isOver: () => boolean
}

const waitInLine = async ({ dataDir, line, ticket, begun, mostMs, isOver }: Waiting) => {
  let head = { ticket: '', since: begun }
  while (Date.now() - begun < mostMs && !isOver()) {
    const { first, place } = await lookAtLine(line, ticket)
    if (first !== head.ticket) head = { ticket: first, since: Date.now() }
    const isFirst = place === 0 || Date.now() - head.since > politeMs
    // The line is only manners; the lock is what keeps two apart.
    const lock = isFirst ? takeOwnerLock(dataDir) : null
    if (lock?.kind === 'owned') return lock
    const pause = place === 0 ? pauseMs : Math.min(longestPauseMs, place * pausePerPlaceMs)
    await delay(pause * (0.5 + Math.random() / 2))
  }
  return null
}

/** Tickets sort by the time they were drawn. A first whose process has ended is thrown away. */
const lookAtLine = async (line: string, own: string): Promise<{ readonly first: string; readonly place: number }> => {
  const tickets = (await readdir(line)).sort()
  for (const [n, first] of tickets.entries()) {
    const place = tickets.indexOf(own) - n
    if (isAlive(Number(first.split('-')[1]))) return { first, place: Math.max(0, place) }
    await rm(join(line, first), { force: true })
  }
  return { first: own, place: 0 }
}
