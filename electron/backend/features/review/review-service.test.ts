import { chmod, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Git } from '../../adapters/git/run-git.ts'
import { systemIdentity as by } from '../../kernel/identity.ts'
import { codeOf, messageOf, valueOf } from '../worktrees/testing.ts'
import { createReviewLab, fileOf, inWords, type ReviewLab } from '../../testing/review-lab.ts'

let lab: ReviewLab
const png = Buffer.from('89504e470d0a1a0a0000000d', 'hex')
const scope = { kind: 'scope', scope: 'all' } as const
const pointer = (digit: string) =>
  `version https://git-lfs.github.com/spec/v1\noid sha256:${digit.repeat(64)}\nsize 12345\n`

beforeEach(async () => {
  lab = await createReviewLab(async ({ lab: { write, commitAll }, repo }) => {
    for (const name of ['a.txt', 'b.txt', 'c.txt', 'run.sh'])
      await write(join(repo, name), `${name}\none\ntwo\nthree\n`)
    await commitAll(repo, 'files')
  })
})
afterEach(() => lab[Symbol.asyncDispose]())

test('each scope compares its two trees, and each file says where its work is', async () => {
  await lab.write('a.txt', 'a.txt\nONE\ntwo\nthree\n')
  await lab.commit('first')
  await lab.write('b.txt', 'b.txt\n')
  await lab.git('add', 'b.txt')
  await lab.write('a.txt', 'a.txt\nONE\ntwo\nTHREE\n')
  await lab.write('new.txt', 'new\n')
  await rm(join(lab.worktree.path, 'c.txt'))
  const listing = await lab.open()
  expect(inWords(listing)).toEqual([
    'modified a.txt +2 −2 [committed unstaged]',
    'modified b.txt +0 −3 [staged]',
    'deleted c.txt +0 −4 [unstaged]',
    'added new.txt +1 −0 [untracked]',
  ])
  expect(inWords(await lab.open('committed'))).toEqual(['modified a.txt +1 −1 [committed unstaged]'])
  expect(inWords(await lab.open('staged'))).toEqual(['modified b.txt +0 −3 [staged]'])
  const unstaged = ['modified a.txt +1 −1 [committed unstaged]', 'deleted c.txt +0 −4 [unstaged]']
  expect(inWords(await lab.open('unstaged'))).toEqual([...unstaged, 'added new.txt +1 −0 [untracked]'])
  expect((await lab.open('uncommitted')).files.map(({ path }) => path)).toEqual(['a.txt', 'b.txt', 'c.txt', 'new.txt'])
  expect(listing).toMatchObject({
    isPartial: false,
    problem: null,
    turns: [],
    head: await lab.git('rev-parse', 'HEAD'),
  })
  expect(listing.base).toMatchObject({ ref: 'refs/heads/main', movedBy: 0, mergeBase: lab.worktree.base?.sha })
})

test('a file that is too large to be kept is named, and the list says that it is not whole', async () => {
  await lab.write('build.log', 'x\n')
  await truncate(join(lab.worktree.path, 'build.log'), 60 * 1024 * 1024)
  const listing = await lab.open()
  expect(listing).toMatchObject({
    files: [],
    isPartial: true,
    problem: expect.stringMatching(/^build\.log: over 50 MB/),
  })
})

test('what is no text says what it is', async () => {
  await lab.write('logo.png', Buffer.concat([png, Buffer.from([0, 1])]))
  await lab.write('data.bin', Buffer.from([1, 0, 2]))
  await lab.write('picture.svg', '<svg/>\n')
  await lab.write('big.psd', pointer('a'))
  await symlink('a.txt', join(lab.worktree.path, 'link'))
  await chmod(join(lab.worktree.path, 'run.sh'), 0o755)
  await lab.git('mv', 'b.txt', 'moved.txt')
  await rm(join(lab.worktree.path, 'c.txt'))
  await symlink('a.txt', join(lab.worktree.path, 'c.txt'))
  const listing = await lab.open()
  expect(inWords(listing)).toEqual([
    'added big.psd (lfs) +3 −0 [untracked]',
    'type-changed c.txt (symlink) +1 −4 [unstaged]',
    'added data.bin (binary) +null −null [untracked]',
    'added link (symlink) +1 −0 [untracked]',
    'added logo.png (image) +null −null [untracked]',
    'renamed b.txt → moved.txt +0 −0 [staged]',
    'added picture.svg +1 −0 [untracked]',
    'modified run.sh +0 −0 [unstaged]',
  ])
  expect(fileOf(listing, 'run.sh')).toMatchObject({ oldMode: '100644', newMode: '100755' })
  expect((await lab.patch(listing, 'run.sh')).patch).toContain('old mode 100644\nnew mode 100755\n')
  expect((await lab.patch(listing, 'moved.txt')).patch).toContain('rename from b.txt\nrename to moved.txt\n')
  const id = lab.worktree.id
  const image = valueOf(await lab.review.image(id, fileOf(listing, 'logo.png').newOid ?? ''))
  expect(image.mime).toBe('image/png')
  expect(Buffer.from(image.base64, 'base64').subarray(0, 8)).toEqual(png.subarray(0, 8))
  const svg = fileOf(listing, 'picture.svg').newOid ?? ''
  expect(codeOf(await lab.review.image(id, svg))).toBe('NO_IMAGE')
  expect(valueOf(await lab.review.text(id, svg))).toEqual({ text: '<svg/>\n' })
})

test('only versions that were listed are given out', async () => {
  await lab.write('a.txt', 'other\n')
  const id = lab.worktree.id
  const secret = await lab.git('rev-parse', 'HEAD:b.txt')
  const listing = await lab.open()
  expect(codeOf(await lab.review.text(id, secret))).toBe('NOT_FOUND')
  expect(codeOf(await lab.review.text(id, await lab.git('rev-parse', 'HEAD')))).toBe('NOT_FOUND')
  expect(valueOf(await lab.review.text(id, fileOf(listing, 'a.txt').oldOid ?? '')).text).toContain('three')
  expect(codeOf(await lab.restart().text(id, fileOf(listing, 'a.txt').oldOid ?? ''))).toBe('NOT_FOUND')
})

test('a snapshot stays as it was while its files go on changing', async () => {
  await lab.write('a.txt', 'first\n')
  const listing = await lab.open()
  const patch = await lab.patch(listing, 'a.txt')
  for (let round = 0; round < 5; round++) {
    await lab.write('a.txt', `round ${round}\n`)
    await lab.write(`other-${round}.txt`, 'x\n')
    if (round % 2 === 0) await lab.commit(`round ${round}`)
    expect(await lab.patch(listing, 'a.txt')).toEqual(patch)
    expect((await lab.open()).snapshot).not.toBe(listing.snapshot)
  }
  expect(patch.patch).toContain('+first\n')
  expect((await lab.open()).snapshot).toBe((await lab.open()).snapshot)
})

test('a snapshot that is gone is refused, and one that is known answers what it has', async () => {
  await lab.write('a.txt', 'first\n')
  const { snapshot } = await lab.open()
  const query = { worktreeId: lab.worktree.id, view: scope, whitespace: 'show', rawPaths: ['a.txt', 'b.txt'] } as const
  expect(valueOf(await lab.review.patches({ ...query, snapshot })).map(({ rawPath }) => rawPath)).toEqual(['a.txt'])
  const stale = await lab.review.patches({ ...query, snapshot: 'other' })
  expect([codeOf(stale), messageOf(stale)]).toEqual(['STALE', 'The files changed meanwhile. They are read again.'])
  expect(codeOf(await lab.restart().patches({ ...query, snapshot }))).toBe('STALE')
})

test('white space can be left out', async () => {
  await lab.write('a.txt', 'a.txt\n  one\ntwo\nTHREE\n')
  await lab.write('b.txt', 'b.txt\n\tone\n two\nthree \n')
  const query = { worktreeId: lab.worktree.id, view: scope, whitespace: 'ignore' } as const
  const listing = valueOf(await lab.review.open(query))
  expect(inWords(listing)).toEqual(['modified a.txt +1 −1 [unstaged]', 'modified b.txt +0 −0 [unstaged]'])
  const rawPaths = ['a.txt', 'b.txt']
  const [a, b] = valueOf(await lab.review.patches({ ...query, snapshot: listing.snapshot, rawPaths }))
  expect(a?.patch).toContain('+THREE')
  expect(a?.patch).not.toContain('+  one')
  expect(b).toMatchObject({ patch: '', tooLarge: false })
})

test('what is too large for a page comes when it is asked for alone', async () => {
  await lab.write('long.txt', `${'x'.repeat(20_001)}\n`)
  await lab.write('many.txt', 'some words in a line of text\n'.repeat(160_000))
  const listing = await lab.open()
  expect(fileOf(listing, 'many.txt').isLarge).toBe(true)
  expect(fileOf(listing, 'long.txt').isLarge).toBe(false)
  const query = { worktreeId: lab.worktree.id, view: scope, whitespace: 'show', snapshot: listing.snapshot } as const
  const rawPaths = ['long.txt', 'many.txt']
  const refused = valueOf(await lab.review.patches({ ...query, rawPaths, whole: true }))
  expect(refused.map(({ tooLarge, patch }) => [tooLarge, patch])).toEqual([
    [true, ''],
    [true, ''],
  ])
  for (const rawPath of rawPaths) {
    const [alone] = valueOf(await lab.review.patches({ ...query, rawPaths: [rawPath], whole: true }))
    expect(alone?.tooLarge).toBe(false)
    expect(alone?.patch.length).toBeGreaterThan(20_000)
  }
})

test('a mark is of two versions: it goes stale with the file and comes back with it', async () => {
  await lab.write('a.txt', 'first\n')
  await lab.write('b.txt', 'first\n')
  const first = fileOf(await lab.open(), 'a.txt')
  expect(first.mark).toBe('none')
  await lab.mark(first)
  expect(lab.yard.kernel.changes.at(-1)).toMatchObject({
    topic: 'marks.changed',
    payload: { worktreeId: lab.worktree.id, rawPath: 'a.txt', newOid: first.newOid, isViewed: true },
  })
  expect((await lab.open()).files.map(({ path, mark }) => `${path} ${mark}`)).toEqual(['a.txt viewed', 'b.txt none'])
  // Staged and committed it is the same file as before.
  await lab.commit('work')
  expect(fileOf(await lab.open(), 'a.txt').mark).toBe('viewed')
  await lab.write('a.txt', 'second\n')
  const changed = fileOf(await lab.open(), 'a.txt')
  expect(changed).toMatchObject({ mark: 'stale', viewedOid: first.newOid })
  expect(valueOf(await lab.review.text(lab.worktree.id, changed.viewedOid ?? '')).text).toBe('first\n')
  await lab.write('a.txt', 'first\n')
  expect(fileOf(await lab.open(), 'a.txt').mark).toBe('viewed')
  await lab.mark(changed, null, false)
  expect(fileOf(await lab.open(), 'a.txt').mark).toBe('none')
})

test('hunks are marked by their lines, and files by nothing but themselves', async () => {
  await lab.write('a.txt', 'first\n')
  const file = fileOf(await lab.open(), 'a.txt')
  await lab.mark(file, 'hash-1')
  await lab.mark(file, 'hash-2')
  await lab.write('a.txt', 'zero\nfirst\n')
  expect(fileOf(await lab.open(), 'a.txt')).toMatchObject({ mark: 'none', viewedHunks: ['hash-1', 'hash-2'] })
  await lab.mark(file, 'hash-1', false)
  expect(fileOf(await lab.open(), 'a.txt').viewedHunks).toEqual(['hash-2'])
})

test('since looked shows what came after the last listing that was seen', async () => {
  const looked = { kind: 'since-looked' } as const
  await lab.write('a.txt', 'first\n')
  const first = await lab.open(looked)
  expect(inWords(first)).toEqual(['modified a.txt +1 −4 [unstaged]'])
  await lab.write('b.txt', 'not seen\n')
  // Another window listed it, and this one left before it did.
  await lab.open()
  valueOf(await lab.review.looked(lab.worktree.id, first.snapshot, by))
  expect(inWords(await lab.open(looked))).toEqual(['modified b.txt +1 −4 [unstaged]'])
  await lab.commit('a commit changes no file')
  await lab.write('a.txt', 'second\n')
  const listing = await lab.open(looked)
  expect(inWords(listing)).toEqual(['modified a.txt +1 −1 [committed unstaged]', 'modified b.txt +1 −4 [committed]'])
  expect((await lab.patch(listing, 'a.txt', looked)).patch).toContain('-first\n+second\n')
  valueOf(await lab.review.looked(lab.worktree.id, 'long gone', by))
  expect(inWords(await lab.open(looked))).toEqual(inWords(listing))
  valueOf(await lab.review.looked(lab.worktree.id, listing.snapshot, by))
  expect(inWords(await lab.open(looked))).toEqual([])
  expect(
    valueOf(await lab.restart().open({ worktreeId: lab.worktree.id, view: looked, whitespace: 'show' })).files,
  ).toEqual([])
})

test('names of any bytes are listed and diffed by them', async () => {
  const raw = Buffer.from([0x62, 0xff, 0x0a, 0x22])
  await writeFile(Buffer.concat([Buffer.from(`${lab.worktree.path}/`), raw]), 'bytes\n')
  await lab.write('日本.txt', 'two words\n')
  const listing = await lab.open()
  expect(listing.files.map(({ path }) => path)).toEqual(['b\ufffd\n"', '日本.txt'])
  const [broken, plain] = listing.files
  expect(broken?.rawPath).toBe(raw.toString('latin1'))
  expect((await lab.patch(listing, broken?.rawPath ?? '')).patch).toContain('+bytes\n')
  expect((await lab.patch(listing, plain?.rawPath ?? '')).patch).toContain(
    '+++ b/日本.txt\n@@ -0,0 +1 @@\n+two words\n',
  )
  await lab.mark(broken!)
  expect((await lab.open()).files.map(({ mark }) => mark)).toEqual(['viewed', 'none'])
})

test('what a project knew is forgotten with it', async () => {
  await lab.write('a.txt', 'first\n')
  const listing = await lab.open()
  await lab.mark(fileOf(listing, 'a.txt'))
  valueOf(await lab.review.looked(lab.worktree.id, listing.snapshot, by))
  await lab.yard.kernel.runCommand({ name: 'forget', by }, async (context) => {
    await lab.review.forgetProject(context, lab.yard.project.id)
    return { ok: true, value: undefined }
  })
  expect(fileOf(await lab.open(), 'a.txt').mark).toBe('none')
  expect((await lab.open({ kind: 'since-looked' })).files).toHaveLength(1)
})

test('the commits of the branch are listed, and each shows what it changed', async () => {
  expect((await lab.open()).commits).toEqual([])
  await lab.write('a.txt', 'first\n')
  const first = await lab.commit('First \u202E words\n\nAnd more.')
  await lab.write('a.txt', 'second\n')
  await lab.write('b.txt', 'second\n')
  const second = await lab.commit('Second')
  await lab.write('c.txt', 'not committed\n')
  const { commits } = await lab.open()
  expect(commits).toEqual([
    { sha: second, parent: first, subject: 'Second', author: expect.any(String), at: expect.any(Number) },
    {
      sha: first,
      parent: lab.worktree.base?.sha,
      subject: 'First \u202E words',
      author: expect.any(String),
      at: expect.any(Number),
    },
  ])
  const range = { kind: 'range', from: first, to: second } as const
  const listing = await lab.open(range)
  expect(inWords(listing).map((words) => words.replace(/ \[.*/, ''))).toEqual([
    'modified a.txt +1 −1',
    'modified b.txt +1 −4',
  ])
  expect((await lab.patch(listing, 'a.txt', range)).patch).toContain('-first\n+second\n')
})

test('a range without a beginning is everything, and one of commits that are gone says so', async () => {
  const root = await lab.git('rev-list', '--max-parents=0', 'HEAD')
  const whole = await lab.open({ kind: 'range', from: null, to: root })
  expect(whole.files.every(({ change }) => change === 'added')).toBe(true)
  expect(whole.files.length).toBeGreaterThan(0)
  for (const view of [
    { kind: 'range', from: '0'.repeat(40), to: root },
    { kind: 'range', from: null, to: '1'.repeat(40) },
  ] as const) {
    const refused = await lab.review.open({ worktreeId: lab.worktree.id, view, whitespace: 'show' })
    expect([codeOf(refused), messageOf(refused)]).toEqual([
      'NOT_FOUND',
      expect.stringMatching(/^These commits are not/),
    ])
  }
})

test('of many files only what was edited since is compared again, and it is the same as if all were', async () => {
  await Promise.all(Array.from({ length: 600 }, (_, n) => lab.write(`many/${n}.txt`, `${n}\none\n`)))
  await lab.commit('many')
  const runs: string[] = []
  const { git } = lab.yard.lab
  const counting: Git = { ...git, run: (request) => (runs.push(request.args.join(' ')), git.run(request)) }
  const review = lab.restart({ git: counting })
  const open = async (service = review) =>
    valueOf(await service.open({ worktreeId: lab.worktree.id, view: scope, whitespace: 'show' }))
  await open()
  const baseTree = await lab.git('rev-parse', `${lab.worktree.base?.sha}^{tree}`)
  const isWhole = (args: string): boolean => args.includes('--numstat') && args.includes(baseTree)
  expect(runs.filter(isWhole)).toHaveLength(1)
  await lab.write('many/7.txt', pointer('b'))
  await lab.write('many/8.txt', 'x\n'.repeat(20_000))
  await lab.write('many/new.txt', 'new\n')
  const listing = await open()
  expect(runs.filter(isWhole)).toHaveLength(1)
  expect(listing).toEqual(await open(lab.restart()))
  expect(fileOf(listing, 'many/7.txt').content).toBe('lfs')
  expect(fileOf(listing, 'many/8.txt')).toMatchObject({ isLarge: true, where: ['committed', 'unstaged'] })
  expect(fileOf(listing, 'many/new.txt').where).toEqual(['untracked'])
  // What was compared last is gone with its folder: then everything is compared anew.
  await rm(join(lab.yard.lab.root, 'review', lab.yard.project.id, 'objects'), { recursive: true })
  await lab.write('many/9.txt', 'nine\n')
  expect(fileOf(await open(), 'many/9.txt')).toMatchObject({ added: 1, removed: 0 })
  expect(runs.filter(isWhole)).toHaveLength(2)
})
