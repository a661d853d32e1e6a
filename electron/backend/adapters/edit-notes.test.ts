import { execFileSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { createEditNotes } from './edit-notes.ts'

const script = join(import.meta.dirname, '..', '..', '..', 'resources', 'hooks', 'note-edit.sh')
const session = 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' as SessionId
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'switchyard-notes-'))
  mkdirSync(join(folder, session))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** As Claude Code runs it. */
const begin = (input: unknown, environment: Record<string, string> = {}) => {
  const env = { PATH: '/usr/bin:/bin', SWITCHYARD_GATEWAY_FILE: join(folder, 'gateway'), SWITCHYARD_SESSION: session }
  const text = typeof input === 'string' ? input : JSON.stringify(input)
  return execFileSync('/bin/sh', [script], { input: text, env: { ...env, ...environment }, encoding: 'utf8' })
}
const edit = (id: string, path: string, more: object = {}) => ({
  hook_event_name: 'PreToolUse',
  tool_name: 'Write',
  tool_input: { content: 'x', file_path: path, ...more },
  tool_use_id: id,
})
const files = () => readdirSync(join(folder, session))

describe('an edit', () => {
  it('is noted by a script that says nothing, whatever stands in it', async () => {
    const hostile = 'say "file_path":"/no" and "tool_use_id": "toolu_no"\n$(touch /tmp/no) %s \\ `x`'
    expect(begin(edit('toolu_1', '/a b/ü.ts', { content: hostile }))).toBe('')
    begin({ tool_use_id: 'toolu_2', tool_input: { notebook_path: '/n.ipynb', new_source: hostile } })
    const notes = createEditNotes(folder)
    expect(await notes.listUnjudged(session, 0)).toEqual([
      { toolUseId: 'toolu_1', path: '/a b/ü.ts' },
      { toolUseId: 'toolu_2', path: '/n.ipynb' },
    ])
  })

  it('of a megabyte is noted too', async () => {
    begin(edit('toolu_1', '/big.ts', { content: 'x"\n'.repeat(300_000) }))
    expect(await createEditNotes(folder).listUnjudged(session, 0)).toEqual([{ toolUseId: 'toolu_1', path: '/big.ts' }])
  })

  it.each([
    ['nonsense', 'no JSON', {}],
    ['nothing', '', {}],
    ['no session', edit('toolu_1', '/a'), { SWITCHYARD_SESSION: '' }],
    ['a session without a folder', edit('toolu_1', '/a'), { SWITCHYARD_SESSION: 'ses_gone' }],
  ])('of %s is none, and no failure', (_what, input, environment) => {
    expect(begin(input, environment)).toBe('')
    expect([files(), readdirSync(folder)]).toEqual([[], [session]])
  })

  it('is read to its end where it is not noted, so that who tells of it gets no error', () => {
    // More than a pipe holds.
    const large = edit('toolu_1', '/a', { content: 'x'.repeat(500_000) })
    expect(begin(large, { SWITCHYARD_SESSION: '' })).toBe('')
  })
})

describe('what nobody judged', () => {
  it('is what was not struck out', async () => {
    const notes = createEditNotes(folder)
    for (const n of [1, 2, 3]) begin(edit(`toolu_${n}`, `/${n}.ts`))
    await notes.strikeOut(session, 'toolu_1')
    await notes.strikeOut(session, 'toolu_3')
    expect(await notes.listUnjudged(session, 0)).toEqual([{ toolUseId: 'toolu_2', path: '/2.ts' }])
    await notes.forget(session)
    expect(await notes.listUnjudged(session, 0)).toEqual([])
    expect(files()).toEqual([])
  })

  it('is asked for only once nothing was noted for a while, since an edit may be on its way', async () => {
    const notes = createEditNotes(folder)
    begin(edit('toolu_1', '/1.ts'))
    expect(await notes.listUnjudged(session, 60_000)).toEqual([])
    await notes.forget(session)
    const past = new Date(Date.now() - 120_000)
    utimesSync(join(folder, session, 'edits-begun'), past, past)
    expect(await notes.listUnjudged(session, 60_000)).toHaveLength(1)
  })

  it.each([
    ['a clock that is less fine than the times of files', 0.9, 0],
    ['a clock that was set back', 3_600_000, 60_000],
  ])('is asked for also by %s', async (_what, aheadMs, quietMs) => {
    begin(edit('toolu_1', '/1.ts'))
    const ahead = (Date.now() + aheadMs) / 1000
    utimesSync(join(folder, session, 'edits-begun'), ahead, ahead)
    expect(await createEditNotes(folder).listUnjudged(session, quietMs)).toHaveLength(1)
  })

  it('is told again until it is forgotten, and what comes meanwhile is kept', async () => {
    const notes = createEditNotes(folder)
    begin(edit('toolu_1', '/1.ts'))
    expect(await notes.listUnjudged(session, 0)).toHaveLength(1)
    begin(edit('toolu_2', '/2.ts'))
    await notes.strikeOut(session, 'toolu_2')
    // Another start of the app finds what the last one did not forget.
    expect(await createEditNotes(folder).listUnjudged(session, 0)).toEqual([{ toolUseId: 'toolu_1', path: '/1.ts' }])
    await notes.forget(session)
    expect(readFileSync(join(folder, session, 'edits-judged'), 'utf8')).toBe('toolu_2\n')
    expect(await notes.listUnjudged(session, 0)).toEqual([])
  })

  it('is nothing of a session that has no folder, and half a line is no failure', async () => {
    const notes = createEditNotes(folder)
    const gone = 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAW' as SessionId
    await notes.strikeOut(gone, 'toolu_1')
    expect(await notes.listUnjudged(gone, 0)).toEqual([])
    await notes.forget(gone)
    writeFileSync(join(folder, session, 'edits-begun'), 'toolu_9')
    expect(await notes.listUnjudged(session, 0)).toEqual([{ toolUseId: 'toolu_9', path: '' }])
  })
})

describe.skipIf(process.platform === 'win32')('what an agent puts in the place of the notes', () => {
  const place = (name: string) => join(folder, session, name)

  it.each(['edits-begun', 'edits-taken', 'edits-judged'])('holds nobody up where %s is a pipe', async (name) => {
    execFileSync('mkfifo', [place(name)])
    const notes = createEditNotes(folder)
    await notes.strikeOut(session, 'toolu_1')
    expect(await notes.listUnjudged(session, 0)).toEqual([])
    await notes.forget(session)
  })

  it('is not followed where it is a link', async () => {
    const elsewhere = join(folder, 'elsewhere')
    writeFileSync(elsewhere, 'toolu_9 /secret\n')
    for (const name of ['edits-taken', 'edits-judged']) symlinkSync(elsewhere, place(name))
    const notes = createEditNotes(folder)
    await notes.strikeOut(session, 'toolu_1')
    expect(await notes.listUnjudged(session, 0)).toEqual([])
    expect(readFileSync(elsewhere, 'utf8')).toBe('toolu_9 /secret\n')
  })

  it('is read as far as anybody edits, however long it is', async () => {
    writeFileSync(place('edits-begun'), 'toolu_1 /a\n'.repeat(300_000))
    expect((await createEditNotes(folder).listUnjudged(session, 0)).length).toBeLessThan(100_000)
  })
})
