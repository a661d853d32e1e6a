import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { activityPageSchema, activityQuerySchema, type ActivityQuery } from '../../../../shared/contract/activity.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { openVerbLab, otherProject, projectId, type VerbLab } from '../../testing/verb-lab.ts'
import { dropArchivedEvents, lastSeq } from '../../kernel/events-store.ts'
import type { Identity } from '../../kernel/identity.ts'
import { windowEvents } from './read-page.ts'

let lab: VerbLab
beforeEach(async () => {
  lab = await openVerbLab()
})
afterEach(() => lab.close())

const person: Identity = { kind: 'person', id: 'desktop', right: 'full' }
const everything: ActivityQuery = {
  projectId: null,
  groups: [],
  actors: [],
  sessionId: null,
  taskId: null,
  text: '',
  before: null,
  after: null,
  limit: 100,
}
const page = async (query: Partial<ActivityQuery> = {}) =>
  activityPageSchema.parse(await lab.activity.page({ ...everything, ...query }))
const told = async (query: Partial<ActivityQuery> = {}) =>
  (await page(query)).entries.map(({ who, what }) => `${who} ${what}`)

const addTask = (who: VerbLab['anna'], title: string) => lab.does(who, 'tasks.create', { title })
/** Events that are nobody's news, as they come by the hundred. */
const noise = (count: number) =>
  lab.kernel.runCommand({ name: 'set-setting', by: person }, async ({ emit }) => {
    for (let n = 0; n < count; n += 1) await emit('settings.changed', 'draft:n', { key: 'draft:n', value: n })
    return ok(undefined)
  })

describe('a page of the log', () => {
  it('tells what was done, newest first, by whom, and where it leads', async () => {
    const { task } = await addTask(lab.anna, 'Parse dates')
    await lab.does(lab.bert, 'claim', { task: task.key })
    const { entries, next, newest } = await page()
    expect(entries.map(({ who, what }) => `${who} ${what}`)).toEqual([
      `Bert took up ${task.key} “Parse dates”`,
      `Anna wrote ${task.key} “Parse dates” down`,
    ])
    expect(entries[0]).toMatchObject({
      group: 'tasks',
      actor: 'session',
      projectId,
      object: { kind: 'task', id: task.id, label: `${task.key} “Parse dates”` },
    })
    expect(next).toBeNull()
    expect(newest).toBe(await lab.kernel.database.read(lastSeq))
  })

  it('goes on where the last one ended, with each line once, also in the midst of a command', async () => {
    const { task } = await addTask(lab.anna, 'One')
    await lab.does(lab.anna, 'claim', { task: task.key })
    await lab.does(lab.anna, 'lease.acquire', { targets: ['src/**'] })
    // One command ends the attempt, its leases and moves the task: three lines of five events.
    await lab.tasks.move({ taskId: task.id, rev: null, move: { to: 'blocked', reason: 'No key.' } }, person)
    const all = await told()
    expect(all.length).toBeGreaterThan(3)
    for (const limit of [1, 2, 3]) {
      const seen: string[] = []
      let before: number | null = null
      do {
        const { entries, next } = await page({ before, limit })
        expect(entries.length).toBeLessThanOrEqual(limit)
        seen.push(...entries.map(({ who, what }) => `${who} ${what}`))
        before = next
      } while (before !== null)
      expect(seen, `by ${limit}`).toEqual(all)
    }
  })

  it('tells what happened since, and nothing when nothing did', async () => {
    await addTask(lab.anna, 'One')
    const { newest } = await page()
    expect(await page({ after: newest })).toMatchObject({ entries: [], next: null, newest })
    await addTask(lab.anna, 'Two')
    expect(await told({ after: newest })).toEqual([expect.stringContaining('“Two” down')])
  })

  it('is one of many when what is looked for lies behind much that is no news', async () => {
    await addTask(lab.anna, 'Long ago')
    await noise(windowEvents + 10)
    const first = await page({ text: 'long ago' })
    expect(first.entries).toEqual([])
    expect(first.next).not.toBeNull()
    const second = await page({ text: 'long ago', before: first.next })
    expect(second.entries).toHaveLength(1)
    expect(second.next).toBeNull()
  })

  it('ends at what was archived, and says so', async () => {
    await addTask(lab.anna, 'Old')
    const seq = await lab.kernel.database.read(lastSeq)
    await addTask(lab.anna, 'New')
    expect((await page()).isArchived).toBe(false)
    await lab.kernel.runCommand({ name: 'archive-events', by: person }, async ({ tx }) => {
      await dropArchivedEvents(tx, seq)
      return ok(undefined)
    })
    expect(await told()).toEqual([expect.stringContaining('“New” down')])
    expect(await page()).toMatchObject({ isArchived: true, next: null })
    // What is only in the archive still has its name, from its row.
    await lab.does(lab.bert, 'claim')
    expect(await told({ limit: 1 })).toEqual([expect.stringContaining('“Old”')])
  })

  it('shows names and reasons inert, on one line, and not for ever', async () => {
    const title = `evil \u202Eeltit\u0007 ${'x'.repeat(150)}`
    const { task } = await addTask(lab.anna, title)
    const body = `line one\nline two ${'y'.repeat(5000)}`
    await lab.does(lab.anna, 'tasks.comment', { task: task.key, body })
    const { entries } = await page()
    for (const { who, what, reason, object } of entries)
      for (const text of [who, what, reason ?? '', object?.label ?? '']) {
        // eslint-disable-next-line no-control-regex -- that is what must not be there
        expect(text).not.toMatch(/[\u0000-\u001f\u202e]/)
        expect(text.length).toBeLessThanOrEqual(600)
      }
    expect(entries[1]?.what).toContain('⟨U+202E⟩')
    expect(entries[0]?.reason).toMatch(/^line one line two y+…$/)
  })
})

describe('the filters', () => {
  const prepare = async () => {
    const { task } = await addTask(lab.anna, 'Parse dates')
    const elsewhere = await lab.add('Stranger', { project: otherProject })
    await addTask(elsewhere, 'Of another project')
    await lab.does(lab.bert, 'lease.acquire', { targets: ['src/**'] })
    await lab.does(lab.bert, 'mail.send', { to: ['person'], subject: 'Zones', body: 'x' })
    await lab.tasks.update({ taskId: task.id, rev: null, patch: { priority: 0 } }, person)
    return task
  }

  it('keep to a project', async () => {
    await prepare()
    expect((await told({ projectId: otherProject })).join()).toContain('Of another project')
    const own = await told({ projectId })
    expect(own.join()).not.toContain('another project')
    expect(own.length).toBeGreaterThan(3)
  })

  it('keep to groups and to who did it', async () => {
    await prepare()
    expect(await told({ groups: ['leases'] })).toEqual(['Bert leased src/**'])
    expect(await told({ groups: ['mail'] })).toEqual(['Bert wrote to person about “Zones”'])
    expect(await told({ actors: ['person'] })).toEqual([expect.stringMatching(/^You changed what is said of/)])
    const both = await page({ groups: ['leases', 'mail'], actors: ['session'] })
    expect(both.entries.map(({ group }) => group)).toEqual(['mail', 'leases'])
    expect(await told({ actors: ['system'], groups: ['leases'] })).toEqual([])
  })

  it('keep to a session and to a task, whoever did something with it', async () => {
    const task = await prepare()
    await lab.does(lab.bert, 'claim', { task: task.key })
    const ofBert = await told({ sessionId: lab.bert.sessionId })
    expect(ofBert).toEqual(expect.arrayContaining(['Bert leased src/**', expect.stringContaining('Bert took up')]))
    expect(ofBert.join()).not.toContain('Anna')
    const ofTask = await told({ taskId: task.id })
    expect(ofTask[0]).toContain('Bert took up')
    expect(ofTask.at(-1)).toContain('Anna wrote')
    expect(ofTask.join()).not.toContain('leased')
  })

  it('find every word of a text, in any order and case, also in the reason', async () => {
    const task = await prepare()
    expect(await told({ text: 'DATES anna' })).toHaveLength(1)
    expect(await told({ text: 'dates nobody' })).toEqual([])
    await lab.tasks.move({ taskId: task.id, rev: null, move: { to: 'blocked', reason: 'The key is lost.' } }, person)
    expect(await told({ text: 'key lost' })).toHaveLength(1)
  })

  it('find refusals with what to do next', async () => {
    const task = await prepare()
    await lab.tasks.move({ taskId: task.id, rev: null, move: { to: 'done' } }, person)
    await lab.refused(lab.bert, 'claim', { task: task.key })
    const [refusal] = (await page({ groups: ['refusals'] })).entries
    expect(refusal).toMatchObject({
      who: 'Bert',
      what: `was refused the task: ${task.key} “Parse dates”`,
      reason: `${task.key} is done. Reopen it first, or take another task.`,
      object: { kind: 'task', id: task.id },
    })
  })

  it('refuse what is too much of anything, in words', () => {
    const issue = (part: object) => activityQuerySchema.safeParse({ ...everything, ...part }).error?.issues[0]?.message
    expect(issue({ limit: 201 })).toBe('Ask for at most 200 lines at a time.')
    expect(issue({ text: 'x'.repeat(201) })).toBe('Filter by at most 200 characters.')
    for (const bad of [{ limit: 0 }, { before: -1 }, { groups: ['all'] }, { sessionId: 'ses_1' }, { actors: ['me'] }])
      expect(issue(bad), JSON.stringify(bad)).toBeDefined()
  })
})
