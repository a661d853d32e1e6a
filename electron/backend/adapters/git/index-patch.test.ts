import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { storeBytes } from './git-objects.ts'
import { patchIndex, type EntryChange } from './index-patch.ts'
import { createGitLab, type GitLab } from './testing.ts'
import { describeBytes } from './worktree-files.ts'

let lab: GitLab
beforeAll(async () => void (lab = await createGitLab()))
afterAll(() => lab[Symbol.asyncDispose]())

const makeRepository = async (format: 'sha1' | 'sha256') => {
  const cwd = join(lab.root, `${format}-${crypto.randomUUID()}`)
  await lab.plain(lab.root, 'init', '--quiet', `--object-format=${format}`, cwd)
  for (const name of ['a.txt', 'b.txt', 'c.txt']) await lab.write(join(cwd, name), `${name}\n`)
  await lab.commitAll(cwd, 'files')
  const store = async (text: string, mode = '100644') => ({ mode, oid: await storeBytes(lab.git, cwd, text) })
  const index = () => lab.plain(cwd, 'ls-files', '-s')
  return { cwd, store, index }
}

it.each(['sha1', 'sha256'] as const)('changes entries of a %s repository, and back', async (format) => {
  const { cwd, store, index } = await makeRepository(format)
  const before = await index()
  const changes: EntryChange[] = [
    { rawPath: 'a.txt', before: await store('a.txt\n'), after: await store('new\n', '100755') },
    { rawPath: 'b.txt', before: await store('b.txt\n'), after: null },
    { rawPath: 'c.txt', before: await store('c.txt\n'), after: await store('a.txt', '120000') },
    { rawPath: 'dir/"odd"\n\\name', before: null, after: await store('') },
    { rawPath: 'inner', before: null, after: { mode: '160000', oid: await lab.plain(cwd, 'rev-parse', 'HEAD') } },
  ]
  expect(describeBytes('100644', Buffer.from('new\n'), changes[0]!.after!.oid.length / 2).oid).toBe(
    changes[0]?.after?.oid,
  )
  expect(await patchIndex(lab.git, cwd, changes)).toEqual({ kind: 'done' })
  const after = await index()
  expect(after).toMatch(/^100755 \w+ 0\ta.txt\n120000 \w+ 0\tc.txt\n100644 \w+ 0\t"dir.*\n160000 \w+ 0\tinner$/)
  // Said twice it is refused, all of it: nothing is as it is expected to be.
  expect(await patchIndex(lab.git, cwd, changes)).toEqual({ kind: 'changed' })
  expect(await index()).toBe(after)
  const back = changes.map((change) => ({ ...change, before: change.after, after: change.before }))
  expect(await patchIndex(lab.git, cwd, back)).toEqual({ kind: 'done' })
  expect(await index()).toBe(before)
})

it('changes nothing when one entry of several is another one', async () => {
  const { cwd, store, index } = await makeRepository('sha1')
  const before = await index()
  const changes: EntryChange[] = [
    { rawPath: 'a.txt', before: await store('a.txt\n'), after: await store('new\n') },
    { rawPath: 'b.txt', before: await store('something else\n'), after: await store('new\n') },
  ]
  expect(await patchIndex(lab.git, cwd, changes)).toEqual({ kind: 'changed' })
  const missing: EntryChange = { rawPath: 'none.txt', before: await store('x'), after: null }
  expect(await patchIndex(lab.git, cwd, [changes[0]!, missing])).toEqual({ kind: 'changed' })
  expect(await index()).toBe(before)
})

it('refuses content that the repository does not have', async () => {
  const { cwd, store, index } = await makeRepository('sha1')
  const before = await index()
  const change = { rawPath: 'a.txt', before: await store('a.txt\n'), after: { mode: '100644', oid: 'a'.repeat(40) } }
  expect(await patchIndex(lab.git, cwd, [change])).toMatchObject({ kind: 'failed' })
  expect(await index()).toBe(before)
  expect(await patchIndex(lab.git, cwd, [])).toEqual({ kind: 'done' })
})
