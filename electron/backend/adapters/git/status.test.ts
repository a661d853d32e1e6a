import { execFileSync } from 'node:child_process'
import { symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parseNumstat, readDiffNumbers } from './diff-numbers.ts'
import { createGitLab } from './testing.ts'
import { countStatus, decodePath, parseStatus, readCheckoutStatus, readStatus } from './status.ts'

test('staged, unstaged, untracked and conflicting paths are counted, each file by itself', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  for (const name of ['a', 'b', 'c d']) await writeFile(join(repo, name), `${name}\n`)
  await lab.commitAll(repo, 'files')
  await writeFile(join(repo, 'a'), 'staged\n')
  await lab.plain(repo, 'add', 'a')
  await writeFile(join(repo, 'a'), 'staged and changed\n')
  await writeFile(join(repo, 'c d'), 'changed\n')
  await lab.write(join(repo, 'new/one'), '1')
  await lab.write(join(repo, 'new/two\nlines'), '2')
  const entries = await readStatus(lab.git, repo)
  expect(countStatus(entries)).toEqual({ staged: 1, unstaged: 2, untracked: 2, unmerged: 0 })
  expect(entries.map((entry) => decodePath(entry.rawPath))).toEqual(['a', 'c d', 'new/one', 'new/two\nlines'])
})

test('status records parse by type, with spaces in paths', () => {
  const hash = 'a'.repeat(40)
  const output = [
    `1 .M N... 100644 100644 100644 ${hash} ${hash} with space`,
    `1 A. S..U 000000 160000 160000 ${hash} ${hash} sub`,
    `u UU N... 100644 100644 100644 100644 ${hash} ${hash} ${hash} both sides`,
    '? new file',
    '! ignored',
    '# branch.oid x',
    '',
  ].join('\0')
  expect(parseStatus(output)).toEqual([
    { kind: 'changed', staged: '.', unstaged: 'M', isSubmodule: false, rawPath: 'with space' },
    { kind: 'changed', staged: 'A', unstaged: '.', isSubmodule: true, rawPath: 'sub' },
    { kind: 'unmerged', staged: 'U', unstaged: 'U', isSubmodule: false, rawPath: 'both sides' },
    { kind: 'untracked', staged: '.', unstaged: '?', isSubmodule: false, rawPath: 'new file' },
  ])
})

test('numbers count from where the branch left its base, uncommitted and untracked lines included', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  await writeFile(join(repo, 'base'), '1\n2\n3\n')
  const base = await lab.commitAll(repo, 'base')
  await lab.plain(repo, 'checkout', '--quiet', '-b', 'side')
  await writeFile(join(repo, 'committed'), 'a\nb\n')
  await lab.commitAll(repo, 'committed')
  // The base moves on: what others did there is not ours.
  await lab.plain(repo, 'checkout', '--quiet', 'main')
  await writeFile(join(repo, 'others'), 'x\n'.repeat(50))
  const moved = await lab.commitAll(repo, 'others')
  await lab.plain(repo, 'checkout', '--quiet', 'side')
  await writeFile(join(repo, 'base'), '1\n3\nfour\n')
  await writeFile(join(repo, 'untracked'), 'u\nv\nno line end')
  await writeFile(join(repo, 'binary'), Buffer.from([1, 0, 10, 10]))
  await symlink('/etc/passwd', join(repo, 'link'))
  execFileSync('mkfifo', [join(repo, 'pipe')])
  const expected = { added: 2 + 1 + 3, removed: 1, changedFiles: 5, isPartial: false }
  expect(await readDiffNumbers(lab.git, repo, moved)).toMatchObject(expected)
  expect(await readDiffNumbers(lab.git, repo, base)).toMatchObject(expected)
})

test('a rename counts its changed lines only', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  await writeFile(join(repo, 'old'), 'line\n'.repeat(40))
  const base = await lab.commitAll(repo, 'old')
  await lab.plain(repo, 'mv', 'old', 'new')
  await writeFile(join(repo, 'new'), `${'line\n'.repeat(40)}more\n`)
  expect(await readDiffNumbers(lab.git, repo, base)).toMatchObject({ added: 1, removed: 0, changedFiles: 1 })
  expect(parseNumstat('1\t2\ta\0-\t-\tb.bin\x003\t0\t\0old\0new\0')).toMatchObject({ added: 4, removed: 2, files: 3 })
})

test('an unborn branch is compared with nothing, and a large untracked file is said to be left out', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  await lab.plain(repo, 'checkout', '--quiet', '--orphan', 'empty')
  await writeFile(join(repo, 'large'), 'x\n'.repeat(600_000))
  expect(await readDiffNumbers(lab.git, repo, null)).toMatchObject({
    added: 1,
    removed: 0,
    changedFiles: 2,
    isPartial: true,
  })
})

test('one call tells what is checked out: a branch, a detached commit, or a branch without commits', async () => {
  await using lab = await createGitLab()
  const repo = await lab.createRepository('app')
  const sha = await lab.plain(repo, 'rev-parse', 'HEAD')
  await lab.plain(repo, 'checkout', '--quiet', '-b', 'ünï/漢')
  expect(await readCheckoutStatus(lab.git, repo)).toEqual({ headSha: sha, branch: 'ünï/漢', entries: [] })
  await lab.plain(repo, 'checkout', '--quiet', '--detach')
  expect(await readCheckoutStatus(lab.git, repo)).toMatchObject({ headSha: sha, branch: null })
  await lab.plain(repo, 'checkout', '--quiet', '--orphan', 'new')
  expect(await readCheckoutStatus(lab.git, repo)).toMatchObject({ headSha: null, branch: 'new' })
})
