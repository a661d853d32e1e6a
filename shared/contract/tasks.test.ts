import { describe, expect, it } from 'vitest'
import type { z } from 'zod'
import { attemptSchema, dependencySchema, dispatchSchema, holderSchema, taskSchema } from './task-rows.ts'
import {
  moveSchema,
  newCheckpointSchema,
  newTaskSchema,
  releaseSchema,
  submissionSchema,
  taskPatchSchema,
} from './tasks.ts'

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const accepts = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success
const firstMessage = (schema: z.ZodType, value: unknown) => schema.safeParse(value).error?.issues[0]?.message

describe('a new task', () => {
  const task = {
    projectId: `prj_${ulid}`,
    title: 'Fix the parser',
    body: '',
    kind: 'bug',
    priority: 0,
    labels: [],
    requiredRole: null,
    allowedAgents: [],
    declaredPaths: ['src/**'],
    baseRef: null,
    maxAttempts: 2,
    doneWhen: 'merged',
    state: 'open',
    parentId: null,
    requestId: 'request-1',
  }

  it.each([
    ['as it is made by the form', {}, true],
    ['as a draft', { state: 'draft' }, true],
    ['claimed from the start', { state: 'claimed' }, false],
    ['with the least urgency', { priority: 4 }, true],
    ['with less than the least', { priority: 5 }, false],
    ['with half an urgency', { priority: 1.5 }, false],
    ['of an unknown kind', { kind: 'wish' }, false],
    ['for an unknown agent', { allowedAgents: ['hal'] }, false],
    ['for any role by an empty name', { requiredRole: '' }, false],
    ['that may never be tried', { maxAttempts: 0 }, false],
    ['with the longest body', { body: 'a'.repeat(65_536) }, true],
    ['with a longer body', { body: 'a'.repeat(65_537) }, false],
    ['below something that is no task', { parentId: `prj_${ulid}` }, false],
    ['with a label of blanks', { labels: [' '] }, false],
    ['with more labels than fit', { labels: Array.from({ length: 21 }, (_, n) => `l${n}`) }, false],
    ['without a request id', { requestId: '' }, false],
  ])('%s is accepted or refused', (_name, changes, expected) => {
    expect(accepts(newTaskSchema, { ...task, ...changes })).toBe(expected)
  })

  it('is changed by its fields alone, each for itself', () => {
    expect(accepts(taskPatchSchema, {})).toBe(true)
    expect(taskPatchSchema.parse({ title: ' New ', state: 'done', claimEpoch: 9 })).toEqual({ title: 'New' })
  })
})

describe('a move by hand', () => {
  it.each([
    [{ to: 'open' }, true],
    [{ to: 'done' }, true],
    [{ to: 'in_progress' }, false],
    [{ to: 'blocked', reason: 'No key.' }, true],
    [{ to: 'blocked' }, false],
    [{ to: 'cancelled', reason: '  ' }, false],
    [{ to: 'deferred', until: 5 }, true],
    [{ to: 'deferred', until: null }, true],
    [{ to: 'deferred' }, false],
  ])('%j is accepted: %s', (move, expected) => {
    expect(accepts(moveSchema, move)).toBe(expected)
  })

  it('asks for the reason it needs', () => {
    expect(firstMessage(moveSchema, { to: 'failed', reason: '' })).toBe('Say why.')
  })
})

describe('the word of an agent', () => {
  it('names whole commits, or none', () => {
    const sha = 'a'.repeat(40)
    expect(accepts(submissionSchema, { headSha: sha, summary: 'Done.' })).toBe(true)
    expect(accepts(submissionSchema, { headSha: `${sha}${'b'.repeat(24)}`, summary: 'Done.' })).toBe(true)
    expect(accepts(submissionSchema, { headSha: null, summary: 'Done.' })).toBe(true)
    for (const headSha of ['abc', 'HEAD', sha.toUpperCase(), `${sha}a`])
      expect(accepts(submissionSchema, { headSha, summary: 'Done.' }), headSha).toBe(false)
  })

  it('says something', () => {
    expect(firstMessage(submissionSchema, { headSha: null, summary: ' \n' })).toBe('Write something.')
    expect(accepts(newCheckpointSchema, { summary: 'Half.', nextSteps: '', headSha: null })).toBe(true)
    expect(accepts(releaseSchema, { reason: 'Not mine.', to: 'open' })).toBe(true)
    expect(accepts(releaseSchema, { reason: 'Not mine.', to: 'done' })).toBe(false)
  })
})

describe('a row', () => {
  it('of a holder is a session’s start or a process, each with all that names it', () => {
    expect(accepts(holderSchema, { kind: 'session', sessionId: `ses_${ulid}`, incarnationId: `inc_${ulid}` })).toBe(
      true,
    )
    expect(accepts(holderSchema, { kind: 'session', sessionId: `ses_${ulid}` })).toBe(false)
    const process = { kind: 'process', pid: 7, startTime: '1', bootId: 'b', label: 'worker' }
    expect(accepts(holderSchema, process)).toBe(true)
    expect(accepts(holderSchema, { ...process, startTime: undefined })).toBe(false)
    expect(accepts(holderSchema, { ...process, pid: 0 })).toBe(false)
  })

  it('of a task, an attempt or a dependency knows its states', () => {
    expect(accepts(taskSchema.shape.state, 'in_review')).toBe(true)
    expect(accepts(taskSchema.shape.state, 'merging')).toBe(false)
    expect(accepts(attemptSchema.shape.state, 'superseded')).toBe(true)
    expect(accepts(attemptSchema.shape.state, 'done')).toBe(false)
    expect(accepts(dependencySchema.shape.kind, 'any_of')).toBe(true)
    expect(accepts(dependencySchema.shape.kind, 'all_of')).toBe(false)
  })

  it('of the dispatch gives the reason of its pause', () => {
    expect(accepts(dispatchSchema, { paused: null, rev: 0 })).toBe(true)
    expect(accepts(dispatchSchema, { paused: { at: 1 }, rev: 0 })).toBe(false)
  })
})
