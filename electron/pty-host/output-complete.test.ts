import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startPtyProcess, type PtyExit, type PtyProcess } from './pty-process.ts'

/** The promise is tested with 5,000 in the long mode: two minutes on two cores. */
const COMMANDS = Number(process.env.SWITCHYARD_TEST_SHORT_COMMANDS ?? 400)
const AT_ONCE = 200

let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-output-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

interface Run {
  readonly bytes: number
  readonly hash: string
  readonly exit: PtyExit
}

const run = (script: string, slowly = false): Promise<Run> =>
  new Promise((resolve) => {
    const hash = createHash('sha256')
    let bytes = 0
    const pty = startPtyProcess({
      file: '/bin/sh',
      args: ['-c', `stty -opost; ${script}`],
      cwd: folder,
      env: { PATH: process.env.PATH ?? '' },
      cols: 80,
      rows: 24,
      onData(chunk) {
        bytes += chunk.length
        hash.update(chunk)
        if (!slowly) return
        pty.pause()
        setTimeout(() => pty.resume(), 1)
      },
      onExit: (exit) => resolve({ bytes, hash: hash.digest('hex'), exit }),
    })
  })

/** Stops reading before a program's last words, and resumes longer after its end than node-pty waits to close. */
const readLate = async (resume: (pty: PtyProcess) => void): Promise<string> => {
  const done = Promise.withResolvers<PtyExit>()
  let seen = ''
  const pty = startPtyProcess({
    file: '/bin/sh',
    args: ['-c', 'stty -echo; printf ready; read go; printf ", before the end"'],
    cwd: folder,
    env: { PATH: process.env.PATH ?? '' },
    cols: 80,
    rows: 24,
    onData(chunk) {
      seen += Buffer.from(chunk).toString()
      if (seen !== 'ready') return
      pty.pause()
      pty.write('\n')
      void pty.pid.then(whenEnded).then(() => setTimeout(resume, 400, pty))
    },
    onExit: done.resolve,
  })
  await done.promise
  return seen
}

const whenEnded = async (pid: number) => {
  while (existsSync(`/proc/${pid}`)) await delay(5)
}

/** Sizes from one byte to a megabyte, most of them small; each command prints other bytes. */
const commandOf = (index: number) => {
  const size = index % 100 === 99 ? 2 ** 20 : Math.ceil(1.6 ** (index % 24))
  const line = `line ${index}.`
  const expected = `${line}\n`.repeat(Math.ceil(size / (line.length + 1))).slice(0, size)
  return { script: `yes '${line}' | head -c ${size}; exit ${index % 7}`, size, expected, code: index % 7 }
}

/** A loaded kernel gives terminals back long after they were closed, and there are 4096 of them: wait for it to keep up. */
const roomForTerminals = async () => {
  const count = '/proc/sys/kernel/pty/nr'
  while (existsSync(count) && Number(readFileSync(count, 'utf8')) > 1000) await delay(50)
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex')

describe('output', () => {
  it(
    `is complete to the last byte for ${COMMANDS} short commands, ${AT_ONCE} at once`,
    { timeout: 600_000 },
    async () => {
      let next = 0
      let compared = 0
      const work = async () => {
        while (next < COMMANDS) {
          const { script, size, expected, code } = commandOf(next)
          next += 1
          await roomForTerminals()
          const result = await run(script)
          expect(result).toEqual({ bytes: size, hash: sha256(expected), exit: { code, signal: null } })
          compared += 1
        }
      }
      await Promise.all(Array.from({ length: AT_ONCE }, work))
      expect(compared).toBe(COMMANDS)
    },
  )

  it('is complete when it is read far more slowly than it is printed, and after the program has ended', async () => {
    const { script, size, expected } = commandOf(99)
    expect(await run(script, true)).toMatchObject({ bytes: size, hash: sha256(expected) })
  })

  it('is complete when its end is read long after the program has ended', async () => {
    expect(await readLate((pty) => pty.resume())).toBe('ready, before the end')
  })

  it('is complete when the machine has no time for us in the moment it is to be read', async () => {
    const resumeAndStall = (pty: PtyProcess) =>
      // Timers come before input in a turn of the event loop: the silence that ends all waiting seems over.
      void setImmediate(() => {
        pty.resume()
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 600)
      })
    expect(await readLate(resumeAndStall)).toBe('ready, before the end')
  })

  it('ends although a program in the background keeps the terminal open', async () => {
    const result = await run("printf shown; (trap '' HUP; exec sleep 3) & printf '%s' ' pid'; exit 5")
    expect(result).toMatchObject({ bytes: 'shown pid'.length, exit: { code: 5 } })
  })

  it('ends although a program in the background prints without pause', async () => {
    const result = await run("(trap '' HUP; exec timeout 3 yes) & exit 6")
    expect(result.exit).toEqual({ code: 6, signal: null })
  })
})
