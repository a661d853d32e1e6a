import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { advanceTreeChanges, type Advanced } from './advance-tree-changes.ts'
import { createChangedRepository } from './changed-repository/testing.ts'
import { GitError } from './git-error.ts'
import { withScratch } from './predict-conflicts.ts'
import type { Git } from './run-git.ts'
import { createGitLab, type GitLab } from './testing.ts'
import { readTreeChanges } from './tree-changes.ts'
import { createStoreTrees } from './worktree-trees.ts'

let lab: GitLab
let [cwd, objects, base] = ['', '', '']
let git: Git
let made = 0
beforeAll(async () => {
  lab = await createGitLab()
})
afterAll(() => lab[Symbol.asyncDispose]())

const open = async (path: string): Promise<void> => {
  cwd = path
  objects = `${cwd}-objects`
  await mkdir(objects, { recursive: true })
  git = withScratch(lab.git, { folder: objects, commonDir: join(cwd, '.git') })
}
const write = (name: string, text: string | Uint8Array, mode?: number) => lab.write(join(cwd, name), text, mode)
const commit = () => lab.commitAll(cwd, 'more')
const full = (to: string, ignoresWhitespace = false) => readTreeChanges(git, cwd, { from: base, to }, ignoresWhitespace)
const advance = async (known: string, to: string, ignoresWhitespace = false): Promise<Advanced | null> => {
  const changes = await full(known, ignoresWhitespace)
  const pair = { from: base, to: known }
  return advanceTreeChanges({ git, cwd, objects }, { pair, changes }, to, ignoresWhitespace)
}

test('what is told of a later tree is what all of it says, in generated repositories', async () => {
  const told: boolean[] = []
  for (const seed of [1, 3, 5]) {
    const repository = await createChangedRepository(lab, seed)
    await open(repository.cwd)
    base = repository.base
    const checkout = { cwd, gitDir: join(cwd, '.git'), stateFolder: `${cwd}-state` }
    const { index, work } = await createStoreTrees()(git, checkout)
    const pairs = [base, 'HEAD', index, work].flatMap((known, at, all) =>
      all.filter((_, other) => other !== at).map((to) => [known, to, seed === 3] as const),
    )
    for (const [known, to, ignoresWhitespace] of pairs) {
      const advanced = await advance(known, to, ignoresWhitespace)
      told.push(advanced !== null)
      if (advanced !== null) expect(advanced.changes).toEqual(await full(to, ignoresWhitespace))
    }
  }
  expect(told).toContain(true)
})

describe('among files of every kind', () => {
  let before = ''
  beforeEach(async () => {
    await open(await lab.createRepository(`advanced-${(made += 1)}`))
    for (const name of ['a', 'dir/b', 'dir.c', 'dir/same', 'gone']) await write(`${name}.txt`, `${name}\n`.repeat(4))
    base = await commit()
    await write('a.txt', 'edited\n')
    await write('dir/b.txt', 'edited\n')
    before = await commit()
  })

  test('edits are told alone, wherever a file was before', async () => {
    await write('a.txt', 'a\n'.repeat(4))
    await write('dir/b.txt', 'edited\nagain\n', 0o755)
    await write('dir/same.txt', Buffer.from([0, 1]))
    await write('dir.c.txt', ' dir.c\n'.repeat(4))
    const to = await commit()
    const told = await advance(before, to)
    expect(told?.changes).toEqual(await full(to))
    expect(told?.fresh.map(({ rawPath, added }) => [rawPath, added])).toEqual([
      ['dir.c.txt', 4],
      ['dir/b.txt', 2],
      ['dir/same.txt', null],
    ])
    // Of a file that differs in white space alone nothing is counted.
    const quiet = await advance(before, to, true)
    expect(quiet?.changes).toEqual(await full(to, true))
    expect(quiet?.fresh[0]).toMatchObject({ added: 0, removed: 0 })
  })

  test('new files are told while none is gone, and files that go while none is new', async () => {
    await write('new.txt', 'gone\n'.repeat(4))
    const withNew = await commit()
    expect((await advance(before, withNew))?.changes).toEqual(await full(withNew))
    await write('new.txt', 'other\n')
    const again = await commit()
    expect((await advance(withNew, again))?.changes).toEqual(await full(again))
    await rm(join(cwd, 'new.txt'))
    await rm(join(cwd, 'gone.txt'))
    const without = await commit()
    expect((await advance(before, without))?.changes).toEqual(await full(without))
  })

  test('what may be a rename is not told, and edits beside one are', async () => {
    await write('new.txt', 'gone\n'.repeat(4))
    const withNew = await commit()
    await rm(join(cwd, 'gone.txt'))
    const moved = await commit()
    expect((await full(moved)).map(({ letter }) => letter)).toContain('R')
    expect(await advance(withNew, moved)).toBeNull()
    await write('a.txt', 'edited beside\n')
    const beside = await commit()
    expect((await advance(moved, beside))?.changes).toEqual(await full(beside))
    await write('new.txt', 'nothing like it any more\n')
    const apart = await commit()
    expect(await advance(beside, apart)).toBeNull()
    expect(await advance(moved, withNew)).toBeNull()
  })

  test('a file that becomes a folder, and one that says how files are compared', async () => {
    await rm(join(cwd, 'a.txt'))
    await write('a.txt/inside.txt', 'x\n')
    const folder = await commit()
    expect(await advance(before, folder)).toBeNull()
    await write('dir/.gitattributes', '*.txt binary\n')
    const attributes = await commit()
    expect(await advance(folder, attributes)).toBeNull()
    expect((await full(attributes)).find(({ rawPath }) => rawPath === 'dir/b.txt')?.added).toBeNull()
  })

  test('nothing is read twice of equal trees, and too much is left to be read as a whole', async () => {
    expect(await advance(before, before)).toEqual({ changes: await full(before), fresh: [] })
    for (let n = 0; n <= 500; n++) await write(`many/${n}.txt`, 'x\n')
    expect(await advance(before, await commit())).toBeNull()
  })

  test('a tree that is gone fails as git says', async () => {
    const known = { pair: { from: base, to: '1'.repeat(40) }, changes: [] }
    await expect(advanceTreeChanges({ git, cwd, objects }, known, before, false)).rejects.toThrow(GitError)
  })
})
