import { chmod, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, test } from 'vitest'
import type { Whitespace } from '../../../../shared/contract/review.ts'
import { findGit } from '../../adapters/git/find-git.ts'
import { createGit } from '../../adapters/git/run-git.ts'
import { createReviewLab, fileOf, inWords, type ReviewLab } from '../../testing/review-lab.ts'
import { codeOf, valueOf } from '../worktrees/testing.ts'

const found = await findGit({ PATH: process.env['PATH'] })
const withLfs = found.kind === 'found' && found.deps.isLfsInstalled ? found.deps : null

const all = { kind: 'scope', scope: 'all' } as const
const lines = (count: number, salt = ''): string =>
  Array.from({ length: count }, (_, n) => `line ${n}${salt}\n`).join('')
const utf16 = (text: string): Buffer => Buffer.from(`\ufeff${text}`, 'utf16le')
const longLine = `${'x'.repeat(1024 * 1024)}\n`

const before: Readonly<Record<string, string | Buffer>> = {
  'crlf.txt': 'a\r\nb\r\n',
  'to-crlf.txt': 'a\nb\n',
  'no-newline.txt': 'a\nb',
  'latin1.txt': Buffer.from('caf\xe9\nsame\n', 'latin1'),
  'utf16.txt': utf16('one\n'),
  'emptied.txt': 'a\n',
  'broken.png': Buffer.from([0x89, 0, 1]),
  'mode.sh': 'exit\n',
  'to-folder': 'a file\n',
  'to-file/inside.txt': 'in a folder\n',
  'moved.txt': lines(20),
  'original.txt': lines(20, ' of another'),
  'new\nline.txt': 'a\n',
  '\u202Egnp.exe': 'a\n',
  '"quoted"\t.txt': 'a\n',
  'cr\rwithin.txt': 'one\rtwo\n',
}
const after: Readonly<Record<string, string | Buffer>> = {
  'crlf.txt': 'a\r\nB\r\n',
  'to-crlf.txt': 'a\r\nb\r\n',
  'no-newline.txt': 'a\nb\n',
  'latin1.txt': Buffer.from('th\xe9\nsame\n', 'latin1'),
  'utf16.txt': utf16('two\n'),
  'emptied.txt': '',
  'empty.txt': '',
  'broken.png': Buffer.from([0x89, 0, 2]),
  'empty.png': '',
  'to-folder/inside.txt': 'now a folder\n',
  'to-file': 'now a file\n',
  'renamed.txt': `${lines(20)}and more\n`,
  'copy.txt': lines(20, ' of another'),
  'new\nline.txt': 'b\n',
  '\u202Egnp.exe': 'b\n',
  '"quoted"\t.txt': ' a\n',
  'cr\rwithin.txt': 'one\rTWO\n',
}

let lab: ReviewLab
beforeEach(async () => {
  lab = await createReviewLab(async ({ lab: { write, commitAll }, repo }) => {
    for (const [name, text] of Object.entries(before)) await write(join(repo, name), text)
    await symlink('mode.sh', join(repo, 'link'))
    await commitAll(repo, 'odd files')
  })
})
afterEach(() => lab[Symbol.asyncDispose]())

const change = async (): Promise<void> => {
  const at = (name: string): string => join(lab.worktree.path, name)
  for (const name of ['to-folder', 'to-file', 'moved.txt', 'link']) await rm(at(name), { recursive: true })
  for (const [name, text] of Object.entries(after)) await lab.write(name, text)
  await chmod(at('mode.sh'), 0o755)
  await symlink('crlf.txt', at('link'))
}

const read = async (whitespace: Whitespace) => {
  const query = { worktreeId: lab.worktree.id, view: all, whitespace }
  const listing = valueOf(await lab.review.open(query))
  const rawPaths = listing.files.map(({ rawPath }) => rawPath)
  const patches = valueOf(await lab.review.patches({ ...query, snapshot: listing.snapshot, rawPaths }))
  return { listing, text: patches.map(({ patch }) => patch).join('') }
}

test('odd files are listed as what they are', async () => {
  await change()
  const { listing } = await read('show')
  expect(inWords(listing).map((words) => words.replace(/ \[.*/, ''))).toEqual([
    'modified "quoted"\t.txt +1 −1',
    'modified broken.png (image) +null −null',
    'added copy.txt +20 −0',
    'modified cr\rwithin.txt +1 −1',
    'modified crlf.txt +1 −1',
    'modified emptied.txt +0 −1',
    'added empty.png +0 −0',
    'added empty.txt +0 −0',
    'modified latin1.txt +1 −1',
    'modified link (symlink) +1 −1',
    'modified mode.sh +0 −0',
    'modified new\nline.txt +1 −1',
    'modified no-newline.txt +1 −1',
    'renamed moved.txt → renamed.txt +1 −0',
    'modified to-crlf.txt +2 −2',
    'added to-file +1 −0',
    'deleted to-file/inside.txt +0 −1',
    'deleted to-folder +0 −1',
    'added to-folder/inside.txt +1 −0',
    'modified utf16.txt (binary) +null −null',
    'modified \u202Egnp.exe +1 −1',
  ])
  const broken = fileOf(listing, 'broken.png')
  for (const oid of [broken.oldOid, broken.newOid, fileOf(listing, 'empty.png').newOid])
    expect(codeOf(await lab.review.image(lab.worktree.id, oid ?? ''))).toBe('NO_IMAGE')
  expect(valueOf(await lab.review.text(lab.worktree.id, fileOf(listing, 'empty.txt').newOid ?? '')).text).toBe('')
})

test.each(['show', 'ignore'] as const)('their patches are those of plain git: white space %s', async (whitespace) => {
  await change()
  const { text } = await read(whitespace)
  await lab.git('add', '--all')
  const flags = whitespace === 'ignore' ? ['-w'] : []
  const plain = await lab.git('-c', 'core.quotePath=false', 'diff', '--cached', '--full-index', ...flags)
  expect(text.replace(/\n$/, '')).toBe(plain)
  expect(text.includes('+++ b/to-crlf.txt')).toBe(whitespace === 'show')
  expect(text).toContain('rename from moved.txt\nrename to renamed.txt\n')
  expect(text).toContain('\\ No newline at end of file\n')
})

test('a line of a megabyte is left until it is asked for, and then comes whole', async () => {
  await lab.write('crlf.txt', longLine)
  const listing = await lab.open()
  expect(await lab.patch(listing, 'crlf.txt')).toMatchObject({ tooLarge: true, patch: '' })
  const query = { worktreeId: lab.worktree.id, view: all, whitespace: 'show', snapshot: listing.snapshot } as const
  const [whole] = valueOf(await lab.review.patches({ ...query, rawPaths: ['crlf.txt'], whole: true }))
  expect(whole?.patch.endsWith(`+${longLine}`)).toBe(true)
})

test('a submodule says from which commit to which it moved, and nothing while it only holds other work', async () => {
  const library = await lab.yard.lab.createRepository('library')
  await lab.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor')
  const first = await lab.commit('with a library')
  const inside = join(lab.worktree.path, 'vendor')
  const oldOid = await lab.yard.lab.plain(inside, 'rev-parse', 'HEAD')
  expect(inWords(await lab.open())).toContain('added vendor (submodule) +null −null [committed]')
  await lab.yard.lab.write(join(inside, 'readme.md'), 'not committed in it\n')
  expect((await lab.open('uncommitted')).files).toEqual([])
  const newOid = await lab.yard.lab.commitAll(inside, 'moved')
  const listing = await lab.open('unstaged')
  expect(listing.head).toBe(first)
  expect(fileOf(listing, 'vendor')).toMatchObject({ change: 'modified', content: 'submodule', oldOid, newOid })
  expect((await lab.patch(listing, 'vendor', 'unstaged')).patch).toContain(
    `-Subproject commit ${oldOid}\n+Subproject commit ${newOid}\n`,
  )
})

describe.runIf(withLfs)('where git-lfs is installed', () => {
  it('a file in LFS is shown by its pointers, with their sizes, and its bytes are not read', async () => {
    const { worktree, yard } = lab
    await lab.git('lfs', 'install', '--skip-repo')
    await lab.git('lfs', 'track', '*.bin')
    await lab.write('large.bin', 'x'.repeat(300_000))
    await lab.commit('large')
    await lab.write('large.bin', 'y'.repeat(400_000))
    const git = createGit({ ...withLfs!, env: yard.lab.env })
    const review = lab.restart({ git })
    const query = { worktreeId: worktree.id, view: { kind: 'scope', scope: 'unstaged' }, whitespace: 'show' } as const
    const listing = valueOf(await review.open(query))
    expect(inWords(listing)).toEqual(['modified large.bin (lfs) +2 −2 [committed unstaged]'])
    const { snapshot } = listing
    const [patch] = valueOf(await review.patches({ ...query, snapshot, rawPaths: ['large.bin'] }))
    expect(patch?.patch).toMatch(/^-size 300000\n\+oid sha256:[0-9a-f]{64}\n\+size 400000$/m)
  })
})
