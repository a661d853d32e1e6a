import {
  closeSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { ok } from '../../../shared/lib/result.ts'
import { storageProblem } from '../../../shared/lib/storage-problem.ts'
import { backUp, listBackups } from './health.ts'
import { systemIdentity as by } from './identity.ts'
import { openKernel, type Kernel } from './open-kernel.ts'

// Whatever happens to the file while nobody looks: it is noticed, kept whole, and the newest good backup goes on; and
// whoever asks meanwhile is told what to do.

const rows = 400
let folder: string
let path: string
const open: Kernel[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-damaged-'))
  path = join(folder, 'switchyard.db')
})
afterEach(async () => {
  for (const kernel of open.splice(0)) await kernel.close()
  rmSync(folder, { recursive: true, force: true })
})

const start = async (mayRecover = true) => {
  const kernel = await openKernel(folder, mayRecover)
  open.push(kernel)
  return kernel
}
const end = async (kernel: Kernel) => {
  open.splice(open.indexOf(kernel), 1)
  await kernel.close()
}

const put = (kernel: Kernel, key: string) =>
  kernel.runCommand({ name: 'put', by }, async ({ tx, emit }) => {
    await tx.run('INSERT INTO meta (key, value) VALUES (?, ?)', key, 'x'.repeat(2000))
    return ok(await emit('settings.changed', key, { key: `draft:${key}`, value: 1 }))
  })
const readKeys = (kernel: Kernel) =>
  kernel.database.read(async (tx) =>
    (await tx.all<{ key: string; value: string }>('SELECT key, value FROM meta ORDER BY key')).map(({ key }) => key),
  )
const keysUpTo = (count: number) => Array.from({ length: count }, (_, n) => `key-${String(n).padStart(4, '0')}`)

/** A database of some hundred pages, with a backup made before its last row was written; ended in order. */
const fill = async () => {
  const kernel = await start()
  await Promise.all(keysUpTo(rows).map((key) => put(kernel, key)))
  await backUp(kernel.database, kernel.clock, join(folder, 'backups'))
  await put(kernel, 'after-the-backup')
  await end(kernel)
}

const overwrite = (from: number, bytes: Buffer) => {
  const file = openSync(path, 'r+')
  writeSync(file, bytes, 0, bytes.length, from)
  closeSync(file)
}
const pageBytes = 4096
const damagePages = (first: number, count: number, byte: number) =>
  overwrite((first - 1) * pageBytes, Buffer.alloc(count * pageBytes, byte))

const foldersAside = () => readdirSync(folder).filter((name) => name.startsWith('damaged-'))

/** The backup goes on, the file as it was found is kept, and the person is told of both and of what is missing. */
const expectRecovered = async (kernel: Kernel, damaged: Buffer) => {
  const [backup = ''] = await listBackups(join(folder, 'backups'))
  const [aside = ''] = foldersAside()
  expect(kernel.notice).toContain(backup.slice(-34))
  expect(kernel.notice).toContain('what happened after it is missing')
  expect(kernel.notice).toContain(join(folder, aside))
  expect(readFileSync(join(folder, aside, 'switchyard.db')).equals(damaged)).toBe(true)
  expect(await readKeys(kernel)).toEqual(keysUpTo(rows))
  expect(kernel.database.quickCheck()).toEqual(['ok'])
  expect(await put(kernel, 'afterwards')).toMatchObject({ ok: true })
}

it('bytes that flipped in the middle are told when they are met, and mended at the next start', async () => {
  await fill()
  damagePages(Math.floor(statSync(path).size / pageBytes / 2), 12, 0xa5)
  const damaged = readFileSync(path)
  const first = await start()
  const problem = await readKeys(first).catch((error: unknown) => error)
  expect(storageProblem(problem)).toContain('start it again')
  await end(first)
  // It was closed in order, and yet it is looked at before it is trusted again.
  const second = await start()
  await expectRecovered(second, damaged)
  await end(second)
  expect((await start()).notice).toBeNull()
})

it('a file that was cut short is noticed at the start, also after an orderly end', async () => {
  await fill()
  truncateSync(path, Math.floor(statSync(path).size / pageBytes / 3) * pageBytes)
  const damaged = readFileSync(path)
  await expectRecovered(await start(), damaged)
})

it('one of zeros behind its first page is mended within the same start', async () => {
  await fill()
  damagePages(2, statSync(path).size / pageBytes - 1, 0)
  const damaged = readFileSync(path)
  await expectRecovered(await start(), damaged)
})

it('a first page of nonsense is no database, and what is left of it is kept', async () => {
  await fill()
  overwrite(0, Buffer.alloc(100, 'nonsense'))
  const damaged = readFileSync(path)
  await expectRecovered(await start(), damaged)
})

/** What a killed app leaves, in a folder of its own. */
const killAndTake = (names: readonly string[]) => {
  const left = join(folder, 'left')
  mkdirSync(left)
  for (const name of names) copyFileSync(join(folder, name), join(left, name))
  return left
}

it('a log that was deleted after a crash is told of, and the rest goes on', async () => {
  const kernel = await start()
  await put(kernel, 'first')
  kernel.database.checkpoint()
  await put(kernel, 'last')
  const left = killAndTake(['switchyard.db', 'switchyard.db.open'])
  await expect(openKernel(left, false)).rejects.toThrow('write-ahead log is gone')
  const next = await openKernel(left)
  expect(next.notice).toContain('What was written last is missing')
  expect(await readKeys(next)).toEqual(['first'])
  await next.close()
  const after = await openKernel(left)
  expect(after.notice).toBeNull()
  await after.close()
})

it('a log that is there after a crash is no damage, whole or torn at its end', async () => {
  const kernel = await start()
  await put(kernel, 'first')
  await put(kernel, 'last')
  const left = killAndTake(['switchyard.db', 'switchyard.db.open', 'switchyard.db-wal'])
  const log = join(left, 'switchyard.db-wal')
  truncateSync(log, statSync(log).size - 100)
  const next = await openKernel(left)
  expect(next.notice).toBeNull()
  expect(await readKeys(next)).toEqual(['first'])
  await next.close()
})

it('who works without the app mends nothing: the app does, and tells the person', async () => {
  await fill()
  truncateSync(path, 20 * pageBytes)
  const damaged = readFileSync(path)
  for (let round = 0; round < 2; round += 1) {
    const problem = await openKernel(folder, false).catch((error: unknown) => error)
    expect(storageProblem(problem)).toContain('newest good backup')
    expect(foldersAside()).toEqual([])
  }
  await expectRecovered(await start(), damaged)
})

it('a copy of a damaged database is no backup, and takes the place of none', async () => {
  await fill()
  const before = await listBackups(join(folder, 'backups'))
  damagePages(Math.floor(statSync(path).size / pageBytes / 2), 12, 0xa5)
  const kernel = await start()
  const later = { now: () => kernel.clock.now() + 3_600_000 }
  const problem = await backUp(kernel.database, later, join(folder, 'backups')).catch((error: unknown) => error)
  expect(storageProblem(problem)).toContain('damaged')
  expect(await listBackups(join(folder, 'backups'))).toEqual(before)
  expect(readdirSync(join(folder, 'backups')).filter((name) => name.includes('.part'))).toEqual([])
})

it('the mark of an open database goes with an orderly end alone', async () => {
  const kernel = await start()
  expect(readFileSync(`${path}.open`, 'utf8')).toBe('open')
  await end(kernel)
  expect(existsSync(`${path}.open`)).toBe(false)
  writeFileSync(`${path}.open`, '')
  expect((await start()).notice).toBeNull()
})
