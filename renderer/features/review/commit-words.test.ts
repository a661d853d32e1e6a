import { describe, expect, it } from 'vitest'
import type { CommitDraft } from '../../../shared/contract/staging.ts'
import { missingOf } from './commit-dialog.tsx'
import { oid } from './testing.ts'

const draft: CommitDraft = {
  head: oid('a'),
  tree: oid('b'),
  branch: 'main',
  stagedFiles: 2,
  person: { name: 'Ada', email: 'ada@example.com' },
  amend: { kind: 'possible', message: 'Before\n' },
  problem: null,
}
const typed = { message: 'Add it', isAmend: false }

describe('a commit', () => {
  it('can be made with a message, somebody to make it and something staged', () => {
    expect(missingOf(draft, typed)).toBeNull()
    expect(missingOf(draft, { ...typed, message: ' \n' })).toBe('Write a message first.')
    expect(missingOf({ ...draft, person: null }, typed)).toMatch(/git config --global user\.name/)
    expect(missingOf({ ...draft, stagedFiles: 0 }, typed)).toMatch(/^Nothing is staged/)
    expect(missingOf({ ...draft, problem: 'A merge is half done here.' }, typed)).toMatch(/half done/)
  })

  it('may change the words of the last one alone', () => {
    expect(missingOf({ ...draft, stagedFiles: 0 }, { ...typed, isAmend: true })).toBeNull()
  })
})
