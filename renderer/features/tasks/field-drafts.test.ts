import { describe, expect, it } from 'vitest'
import { taskPatchSchema } from '../../../shared/contract/tasks.ts'
import { cardRow } from '../../dev/board-fixtures.ts'
import { judgeDraft, patchOf, textFields, textOf, typed } from './field-drafts.ts'

const task = cardRow(1, 'Fix it', {
  body: 'Because.\n',
  labels: ['api', 'web'],
  declaredPaths: ['src/**', 'docs/a b.md'],
  baseRef: 'release',
  requiredRole: null,
})

describe('a typed field', () => {
  it('is read back as the very value it was written from', () => {
    for (const field of textFields) {
      const patch = patchOf(field, textOf(task, field))
      expect(patch).toEqual({ [field]: task[field] })
      expect(taskPatchSchema.safeParse(patch).error).toBeUndefined()
    }
  })

  it('takes labels after commas and lines, paths line by line, each once', () => {
    expect(patchOf('labels', ' a, b,, a\nc ')).toEqual({ labels: ['a', 'b', 'c'] })
    expect(patchOf('declaredPaths', 'src/**\n\n  docs/a, b.md \nsrc/**')).toEqual({
      declaredPaths: ['src/**', 'docs/a, b.md'],
    })
  })

  it('is nothing when it was emptied, and keeps the body as it was typed', () => {
    expect(patchOf('baseRef', '  ')).toEqual({ baseRef: null })
    expect(patchOf('requiredRole', 'reviewer ')).toEqual({ requiredRole: 'reviewer' })
    expect(patchOf('body', '  indented\n')).toEqual({ body: '  indented\n' })
  })

  it('is refused by the contract with words for people when its title is empty', () => {
    const parsed = taskPatchSchema.safeParse(patchOf('title', '  '))
    expect(parsed.error?.issues[0]?.message).toBe('Give it a name.')
  })
})

describe('a draft', () => {
  it('is typed until the field changes beneath it', () => {
    const draft = typed(undefined, 'old', 'old and new')
    expect(judgeDraft(undefined, 'old')).toBe('clean')
    expect(judgeDraft(draft, 'old')).toBe('typed')
    expect(judgeDraft(draft, 'theirs')).toBe('overtaken')
  })

  it('keeps what the field said when the typing began, through every further key', () => {
    const first = typed(undefined, 'old', 'old1')
    const second = typed(first, 'theirs', 'old12')
    expect(second).toEqual({ base: 'old', text: 'old12' })
    expect(judgeDraft(second, 'theirs')).toBe('overtaken')
  })

  it('is clean when it says what the field says, and begins anew from there', () => {
    const draft = typed(typed(undefined, 'old', 'older'), 'old', 'old')
    expect(judgeDraft(draft, 'old')).toBe('clean')
    expect(judgeDraft({ base: 'old', text: 'theirs' }, 'theirs')).toBe('clean')
    expect(typed({ base: 'old', text: 'theirs' }, 'theirs', 'theirs!')).toEqual({ base: 'theirs', text: 'theirs!' })
  })
})
