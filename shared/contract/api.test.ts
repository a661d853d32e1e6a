import { isContractProcedure } from '@orpc/contract'
import { describe, expect, it } from 'vitest'
import { api } from './api.ts'
import type { ProcedureMeta } from './base.ts'

interface Listed {
  readonly path: string
  readonly right: string
  readonly errors: readonly string[]
}
const listed: readonly Listed[] = Object.entries(api).flatMap(([feature, procedures]) =>
  Object.entries(procedures).map(([name, procedure]) => {
    const definition = (procedure as { '~orpc': { meta: ProcedureMeta; errorMap: object } })['~orpc']
    return { path: `${feature}.${name}`, right: definition.meta.right, errors: Object.keys(definition.errorMap) }
  }),
)
const withRight = (right: string) => listed.filter((entry) => entry.right === right).map(({ path }) => path)

describe('the contract', () => {
  it('is made of procedures only', () => {
    for (const procedures of Object.values(api))
      for (const procedure of Object.values(procedures)) expect(isContractProcedure(procedure)).toBe(true)
  })

  it('lets those who only look do nothing but look', () => {
    expect(withRight('view').toSorted()).toEqual([
      'activity.page',
      'activity.why',
      'agentHooks.touchedFiles',
      'changes.subscribe',
      'checks.gates',
      'checks.history',
      'checks.output',
      'checks.proposals',
      'comments.list',
      'host.info',
      'mail.page',
      'merge.conflicts',
      'merge.forecast',
      'merge.list',
      'merge.preview',
      'projects.branches',
      'remote.comments',
      'remote.propose',
      'remote.state',
      'review.image',
      'review.open',
      'review.patches',
      'review.text',
      'sessions.markSeen',
      'staging.draft',
      'staging.list',
      'tasks.detail',
      'tasks.history',
      'tasks.listEnded',
      'terminals.acknowledge',
      'terminals.attach',
      'terminals.focus',
      'terminals.setPalette',
      'terminals.signals',
      'terminals.text',
      'worktrees.refresh',
    ])
  })

  it('lets those who answer also answer, type and mark what they have read, and no more', () => {
    expect(withRight('answer').toSorted()).toEqual([
      'asks.answer',
      'review.looked',
      'review.mark',
      'terminals.resize',
      'terminals.write',
    ])
  })

  it('needs the full right for everything else', () => {
    const others = listed.filter(({ right }) => right !== 'view' && right !== 'answer')
    expect(others.length).toBeGreaterThan(20)
    expect(new Set(others.map(({ right }) => right))).toEqual(new Set(['full']))
  })

  it('declares the common refusals everywhere and no code twice in other letters', () => {
    for (const { path, errors } of listed) {
      expect(errors, path).toEqual(expect.arrayContaining(['FORBIDDEN', 'NOT_FOUND', 'INVALID']))
      for (const code of errors) expect(code, path).toMatch(/^[A-Z]+(_[A-Z]+)*$/)
    }
  })

  it('says a reason for each status of a refusal', () => {
    for (const procedures of Object.values(api))
      for (const procedure of Object.values(procedures)) {
        const errors = (procedure as { '~orpc': { errorMap: Record<string, { status: number }> } })['~orpc'].errorMap
        for (const [code, { status }] of Object.entries(errors))
          expect(status, code).toBe({ FORBIDDEN: 403, NOT_FOUND: 404, INVALID: 422 }[code] ?? 409)
      }
  })
})
