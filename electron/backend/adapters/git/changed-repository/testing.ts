import { execFile } from 'node:child_process'
import { chmod, mkdir, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import type { GitLab } from '../testing.ts'

const execute = promisify(execFile)

/** Numbers from 0 to below 1, the same for each seed. */
const createRandom = (seed: number): (() => number) => {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const oddNames = [
  'plain.txt',
  'deep/er/file.ts',
  'with space.md',
  'quo"te.txt',
  'back\\slash',
  'line\nfeed.txt',
  'tab\there',
  'ünïcode-日本.txt',
  '-dash',
  ':(top)magic',
  'a b/c d/e f.js',
  "it's.txt",
]
const bytesOf = (name: string): Buffer => Buffer.from(name)
/** A name that is no UTF-8, as its bytes. */
export const brokenName = Buffer.from([0x6e, 0xff, 0xfe, 0x2e, 0x74, 0x78, 0x74])

const under = (folder: string, name: Buffer): Buffer => Buffer.concat([Buffer.from(`${folder}/`), name])

/** Changes some files of a checkout, as a seed says: adds, edits, deletes, moves, re-modes, links. */
const change = async (cwd: string, random: () => number, times: number): Promise<void> => {
  const pick = <Value>(values: readonly Value[]): Value => values[Math.floor(random() * values.length)] as Value
  const lines = (count: number): string =>
    Array.from({ length: count }, () => `${pick(['let', 'if', 'for', '\t}', ''])} ${Math.floor(random() * 50)}\n`).join(
      '',
    )
  const texts = [
    () => lines(1 + Math.floor(random() * 40)),
    () => lines(5).replaceAll('\n', '\r\n'),
    () => `${lines(3)}no newline at the end`,
    () => '',
    () => Buffer.from([0x89, 0, 1, 2, Math.floor(random() * 256)]),
    () => `  ${lines(6)}`,
    () => Buffer.concat([Buffer.from('latin1 '), Buffer.from([0xe9, 0x0d, 0x0a]), Buffer.from(lines(3))]),
    () => `diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n\rdiff --git a/y b/y\n${lines(2)}`,
  ]
  for (let time = 0; time < times; time++) {
    const known = await filesBelow(cwd)
    const old = known.length > 0 ? pick(known) : null
    const fresh = random() < 0.15 ? brokenName : bytesOf(`${pick(['', 'new/', `d${time}/`])}${pick(oddNames)}`)
    const path = under(cwd, old !== null && random() < 0.65 ? old : fresh)
    await mkdir(parentOf(path), { recursive: true }).catch(() => undefined)
    const deed = random()
    if (old !== null && deed < 0.12) await rm(under(cwd, old), { force: true })
    else if (old !== null && deed < 0.25) await rename(under(cwd, old), path).catch(() => undefined)
    else if (old !== null && deed < 0.35)
      await chmod(under(cwd, old), random() < 0.5 ? 0o755 : 0o644).catch(() => undefined)
    else if (deed < 0.42) {
      await rm(path, { force: true, recursive: true })
      await symlink(pick(['target', '../else', 'nowhere/at/all']), path).catch(() => undefined)
    } else await writeFile(path, pick(texts)()).catch(() => undefined)
  }
}

const parentOf = (path: Buffer): Buffer => path.subarray(0, path.lastIndexOf(0x2f))

const filesBelow = async (folder: string): Promise<Buffer[]> => {
  const found: Buffer[] = []
  const walk = async (below: Buffer): Promise<void> => {
    const here = below.length === 0 ? Buffer.from(folder) : under(folder, below)
    const entries = await readdir(here, { withFileTypes: true, encoding: 'buffer' })
    for (const entry of entries.toSorted((a, b) => Buffer.compare(a.name, b.name))) {
      if (entry.name.toString() === '.git') continue
      const path = below.length === 0 ? entry.name : Buffer.concat([below, Buffer.from('/'), entry.name])
      if (entry.isDirectory()) await walk(path)
      else found.push(path)
    }
  }
  await walk(Buffer.alloc(0))
  return found
}

let made = 0

/** A repository with work that is committed, staged, not staged and not even known to git, as a seed says. */
export const createChangedRepository = async (lab: GitLab, seed: number): Promise<{ cwd: string; base: string }> => {
  const random = createRandom(seed)
  const cwd = await lab.createRepository(`changed-${seed}-${(made += 1)}`)
  await change(cwd, random, 14)
  const base = await lab.commitAll(cwd, 'base')
  await change(cwd, random, 6)
  await lab.commitAll(cwd, 'work')
  await change(cwd, random, 6)
  await lab.plain(cwd, 'add', '--all')
  await change(cwd, random, 8)
  return { cwd, base }
}

/** What plain git prints in a copy of a repository in which every new file is known to git. */
export const createControl = async (lab: GitLab, cwd: string) => {
  const copy = `${cwd}-copy`
  await execute('cp', ['-a', cwd, copy])
  const run = async (args: readonly string[]): Promise<string> => {
    const options = { cwd: copy, env: { ...lab.env }, encoding: 'latin1', maxBuffer: 64 * 1024 * 1024 } as const
    return (await execute('git', [...args], options)).stdout
  }
  const staged = await run(['write-tree'])
  return {
    run,
    /** What the index said before new files were made known. */
    staged: staged.trim(),
    knowAll: () => run(['add', '--intent-to-add', '--ignore-removal', '.']),
  }
}

/** Every file of a git folder with its bytes, so that a change of any of them is seen. */
export const readGitFolder = async (folder: string): Promise<string> => {
  const { stdout } = await execute('sh', ['-c', 'find . -type f -print0 | sort -z | xargs -0 sha256sum'], {
    cwd: join(folder),
    maxBuffer: 64 * 1024 * 1024,
  })
  return stdout
}
