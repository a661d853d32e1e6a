import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import BetterSqlite from 'better-sqlite3'
import { expect } from 'vitest'
import type { Database } from '../db/database.ts'
import type { Tx } from '../db/tx.ts'
import { openTestKernel, type TestKernel } from '../kernel/testing.ts'

/** One operation of a service, at every point at which the process can be killed or its disk can be full. */
export interface Deed<World, Held> {
  /** Brings a fresh world to the moment before; answers what the deed is about, in words that outlive the process. */
  prepare(world: World, time: { now: number }): Promise<Held>
  /** Answers the code of its call; the same request each time it is asked for. */
  act(world: World, held: Held): Promise<string>
  /** So many transactions it takes; each of them is there as a whole or not at all. One unless said. */
  readonly commits?: number
  /** So many of them find something to change; all unless said. */
  readonly changes?: number
  /** What it is answered when it has happened; as the first time unless said. */
  readonly again?: string
  /** Without a request id and rightly so: said twice it is two facts. */
  readonly isNewEachTime?: boolean
  /** A failure is not told to the caller but tried again by whatever calls it next. */
  readonly isTriedAgainLater?: boolean
}

export interface Stage<World> {
  open(kernel: TestKernel, time: { now: number }): Promise<World>
  close(world: World): Promise<void>
}

const firstTime = 1_000_000

/**
 * Plays a deed once and keeps what the files hold before each of its calls to the database: a process killed there leaves
 * just that. Each such remainder is opened anew, is one of the states between its transactions, and is led to the end by
 * asking for the same again.
 */
export const killEverywhere = async <World, Held>(stage: Stage<World>, deed: Deed<World, Held>): Promise<number> => {
  const wanted = deed.changes ?? deed.commits ?? 1
  await using folders = createFolders()
  const time = { now: firstTime }
  const watch = createWatch()
  const kernel = openTestKernel(folders.next(), () => time.now, watch.wrap)
  const world = await stage.open(kernel, time)
  const held = await deed.prepare(world, time)
  const states: State[] = [await readState(kernel)]
  const remainders: string[] = []
  let last: readonly (Buffer | null)[] = []
  const keep = () => {
    const now = readFiles(kernel.directory)
    if (now.every((file, at) => isSame(file, last[at] ?? null))) return
    last = now
    const folder = folders.next()
    copyFiles(kernel.directory, folder)
    remainders.push(folder)
  }
  watch.beforeEach(keep)
  const first = await deed.act(world, held)
  watch.beforeEach(null)
  keep()
  await closeAll(stage, world, kernel)
  const { calls, commits } = { calls: watch.calls(), commits: watch.commits() }
  // Nothing is on the disk but what was committed.
  expect({ commits, remainders: remainders.length }).toEqual({ commits: deed.commits ?? 1, remainders: wanted + 1 })

  for (const [done, folder] of remainders.entries()) {
    const next = openTestKernel(folder, () => time.now)
    const state = await readState(next)
    if (done === 0) expect(state).toEqual(states[0])
    else expect(state).not.toEqual(states[done - 1])
    states[done] = state
    await next.close()
  }
  const end = states[wanted]
  for (const [done, folder] of remainders.entries()) {
    const next = openTestKernel(folder, () => time.now)
    const again = await stage.open(next, time)
    const hasHappened = done === wanted
    expect(await deed.act(again, held), `after ${done} of ${wanted}`).toBe(hasHappened ? (deed.again ?? first) : first)
    if (!hasHappened || deed.isNewEachTime !== true) expect(await readState(next)).toEqual(end)
    await closeAll(stage, again, next)
  }
  return calls
}

/**
 * Lets each call to the database fail in turn, as on a full disk: nothing has happened then, the caller is told, and the
 * same process does it once there is room.
 */
export const failEverywhere = async <World, Held>(stage: Stage<World>, deed: Deed<World, Held>): Promise<void> => {
  const whole = await playOnce(stage, deed)
  await using folders = createFolders()
  const time = { now: firstTime }
  const watch = createWatch()
  const kernel = openTestKernel(folders.next(), () => time.now, watch.wrap)
  const world = await stage.open(kernel, time)
  const held = await deed.prepare(world, time)
  const before = await readState(kernel)
  const told = kernel.changes.length
  const isOneStep = (deed.commits ?? 1) === 1
  for (let point = 1; point <= whole.calls; point += 1) {
    watch.failAt(point)
    const outcome = await deed.act(world, held).catch((error: unknown) => String(error))
    watch.failAt(0)
    if (deed.isTriedAgainLater !== true && isOneStep) expect(outcome).toContain('disk is full')
    if (isOneStep) {
      expect(await readState(kernel), `failed at call ${point}`).toEqual(before)
      expect(kernel.changes, 'nothing is told that did not happen').toHaveLength(told)
    }
  }
  const done = await deed.act(world, held)
  if (isOneStep) expect(done).toBe(whole.answer)
  expect(isOneStep ? await readState(kernel) : inAnyOrder(await readState(kernel))).toEqual(
    isOneStep ? whole.state : inAnyOrder(whole.state),
  )
  await closeAll(stage, world, kernel)
}

const playOnce = async <World, Held>(stage: Stage<World>, deed: Deed<World, Held>) => {
  await using folders = createFolders()
  const time = { now: firstTime }
  const watch = createWatch()
  const kernel = openTestKernel(folders.next(), () => time.now, watch.wrap)
  const world = await stage.open(kernel, time)
  const held = await deed.prepare(world, time)
  watch.beforeEach(() => undefined)
  const answer = await deed.act(world, held)
  const played = { answer, calls: watch.calls(), state: await readState(kernel) }
  await closeAll(stage, world, kernel)
  return played
}

/** Runs what should only read, and counts what it asked of the connection that writes. */
export const countWrites = async <World>(
  stage: Stage<World>,
  read: (world: World) => Promise<unknown>,
): Promise<number> => {
  await using folders = createFolders()
  const time = { now: firstTime }
  const watch = createWatch()
  const kernel = openTestKernel(folders.next(), () => time.now, watch.wrap)
  const world = await stage.open(kernel, time)
  watch.beforeEach(() => undefined)
  await read(world)
  const calls = watch.calls()
  await closeAll(stage, world, kernel)
  return calls
}

const closeAll = async <World>(stage: Stage<World>, world: World, kernel: TestKernel) => {
  await stage.close(world)
  await kernel.close()
}

/** Stands before each call that may change something. */
const createWatch = () => {
  let look: (() => void) | null = null
  let calls = 0
  let commits = 0
  let failing = 0
  const before = (sql: string) => {
    // What takes back writes nothing, and needs no room.
    if (sql.startsWith('ROLLBACK')) return
    if (failing > 0) {
      failing -= 1
      if (failing === 0) throw new BetterSqlite.SqliteError('database or disk is full', 'SQLITE_FULL')
    }
    if (!look) return
    calls += 1
    look()
  }
  const wrap = (database: Database): Database => {
    const { writer } = database
    const wrapped: Tx = {
      get: async (sql, ...values) => (before(sql), writer.get(sql, ...values)),
      all: async (sql, ...values) => (before(sql), writer.all(sql, ...values)),
      run: async (sql, ...values) => (before(sql), writer.run(sql, ...values)),
    }
    return {
      ...database,
      writer: wrapped,
      exec: (sql) => {
        before(sql)
        database.exec(sql)
        if (look && sql === 'COMMIT') commits += 1
      },
    }
  }
  return {
    wrap,
    beforeEach: (next: (() => void) | null) => void (look = next),
    calls: () => calls,
    commits: () => commits,
    /** The call of this number from now on fails; 0 lets all of them be. */
    failAt: (point: number) => void (failing = point),
  }
}

const files = ['switchyard.db', 'switchyard.db-wal']
const readFiles = (folder: string) =>
  files.map((name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name)) : null))
const isSame = (a: Buffer | null, b: Buffer | null) => (a === null || b === null ? a === b : a.equals(b))
const copyFiles = (from: string, to: string) => {
  for (const name of files) if (existsSync(join(from, name))) copyFileSync(join(from, name), join(to, name))
}

const createFolders = () => {
  const root = mkdtempSync(join(tmpdir(), 'switchyard-killed-'))
  let count = 0
  return {
    next: () => {
      const folder = join(root, String((count += 1)))
      mkdirSync(folder)
      return folder
    },
    [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true, force: true }),
  }
}

/** What was written by several transactions, of which one may have failed and come later than the others. */
const inAnyOrder = ({ events = [], intents = [], ...rest }: State): State => {
  const sorted = (rows: readonly object[], number: string) =>
    rows.map((row) => JSON.stringify({ ...row, [number]: null })).sort()
  return { ...rest, events: sorted(events, 'seq'), intents: sorted(intents, 'id') } as unknown as State
}

type State = Readonly<Record<string, readonly object[]>>

/** All that is kept, each id by its kind and the order in which it turns up: ids differ from run to run. */
export const readState = (kernel: TestKernel): Promise<State> =>
  kernel.database.read(async (tx) => {
    const tables = await tx.all<{ name: string; wr: number }>(
      `SELECT name, wr FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY name`,
    )
    const rows: Record<string, readonly object[]> = {}
    // One without row ids comes in the order of its key.
    for (const { name, wr } of tables)
      rows[name] = await tx.all(`SELECT * FROM "${name}"${wr === 1 ? '' : ' ORDER BY rowid'}`)
    const names = new Map<string, string>()
    const text = JSON.stringify(rows).replaceAll(/\b([a-z]{2,3})_[0-9A-HJKMNP-TV-Z]{26}\b/g, (id, kind: string) => {
      const known = names.get(id) ?? `${kind}#${names.size}`
      names.set(id, known)
      return known
    })
    return JSON.parse(text) as State
  })
