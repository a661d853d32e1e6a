import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ReviewScope } from '../../../shared/contract/review.ts'
import type { StagingVerb } from '../../../shared/contract/staging.ts'
import type { Place, Step } from './walk-place.ts'

const open = ({ lab, busy }: Place, scope: ReviewScope) =>
  lab.full.review.open({ worktreeId: busy, view: { kind: 'scope', scope }, whitespace: 'show' })

const fileIn = async (place: Place, scope: ReviewScope, rawPath: string) => {
  const listing = await open(place, scope)
  const file = listing.files.find((one) => one.rawPath === rawPath)
  if (!file) throw new Error(`${rawPath} is not listed as ${scope}.`)
  return { snapshot: listing.snapshot, file }
}

export function reviewSteps(place: Place): readonly Step[] {
  const { lab, busy: worktreeId } = place
  const scopes = ['all', 'committed', 'staged', 'unstaged', 'uncommitted'] as const
  const find = () => fileIn(place, 'all', 'one.dat')
  return [
    ...scopes.map((scope): Step => ['review.open', () => open(place, scope)]),
    ...scopes.map((scope): Step => [
      'review.patches',
      async () => {
        const { snapshot, files } = await open(place, scope)
        const rawPaths = files.map((file) => file.rawPath)
        if (rawPaths.length === 0) throw new Error(`Nothing is listed as ${scope}.`)
        const view = { kind: 'scope', scope } as const
        return lab.full.review.patches({ worktreeId, view, whitespace: 'ignore', snapshot, rawPaths })
      },
    ]),
    ['review.text', async () => lab.full.review.text({ worktreeId, oid: (await find()).file.newOid ?? '' })],
    [
      'review.image',
      async () => {
        // The first bytes of a picture are what makes it one.
        await writeFile(join(place.ground.tree, 'dot.png'), Buffer.from('89504e470d0a1a0a', 'hex'))
        const { file } = await fileIn(place, 'all', 'dot.png')
        return lab.full.review.image({ worktreeId, oid: file.newOid ?? '' })
      },
    ],
    [
      'review.mark',
      async () => {
        const { rawPath, oldOid, newOid } = (await find()).file
        return lab.full.review.mark({ worktreeId, rawPath, oldOid, newOid, hunk: null, isViewed: true })
      },
    ],
    ['review.looked', async () => lab.full.review.looked({ worktreeId, snapshot: (await find()).snapshot })],
  ]
}

export function commentsSteps(place: Place): readonly Step[] {
  const { lab, busy: worktreeId } = place
  const { comments } = lab.full
  const view = { kind: 'scope', scope: 'all' } as const
  const words = { body: 'Why?', suggestion: null }
  const snapshot = async () => (await open(place, 'all')).snapshot
  const listed = async () => comments.list({ worktreeId, snapshot: await snapshot(), view })
  const thread = async () => {
    const [first] = (await listed()).threads
    const [comment] = first?.comments ?? []
    if (!first || !comment) throw new Error('Nothing was said.')
    return { threadId: first.id, commentId: comment.id }
  }
  return [
    [
      'comments.write',
      async () => {
        const lines = { rawPath: 'one.dat', side: 'new', from: 1, to: 1 } as const
        const seen = { worktreeId, snapshot: await snapshot(), view }
        return comments.write({ ...seen, ...lines, ...words, requestId: 'walk-write' })
      },
    ],
    ['comments.list', listed],
    [
      'comments.add',
      async () => {
        const { threadId } = await thread()
        return comments.add({ threadId, snapshot: await snapshot(), ...words, requestId: 'walk-add-comment' })
      },
    ],
    [
      'comments.edit',
      async () => comments.edit({ commentId: (await thread()).commentId, ...words, suggestion: '$(touch x)' }),
    ],
    ['comments.remove', async () => comments.remove({ commentId: (await thread()).commentId })],
    ['comments.restore', async () => comments.restore({ commentId: (await thread()).commentId })],
    ['comments.send', () => comments.send({ worktreeId, sessionId: null, body: 'x', requestId: 'walk-send' })],
    ['comments.resolve', async () => comments.resolve({ threadId: (await thread()).threadId, isResolved: true })],
  ]
}

export function stagingSteps(place: Place): readonly Step[] {
  const { lab, busy: worktreeId } = place
  const { staging } = lab.full
  const act = (verb: StagingVerb, scope: ReviewScope, path: string): Step => [
    'staging.act',
    async () => {
      const { rawPath, oldOid, newOid, oldMode, newMode } = (await fileIn(place, scope, path)).file
      const parts = [{ rawPath, oldOid, newOid, oldMode, newMode, lines: null }]
      return staging.act({ worktreeId, verb, scope, whitespace: 'show', parts })
    },
  ]
  const undo: Step = [
    'staging.undo',
    async () => {
      const [last] = await staging.list({ worktreeId })
      if (!last) throw new Error('There is nothing to undo.')
      return staging.undo({ id: last.id })
    },
  ]
  const commit = (isAmend: boolean): Step => [
    'staging.commit',
    async () => {
      const { head, tree } = await staging.draft({ worktreeId })
      return staging.commit({ worktreeId, head, tree, message: 'By the person', isAmend })
    },
  ]
  return [
    act('stage', 'unstaged', 'two.dat'),
    undo,
    act('stage', 'unstaged', 'untracked.dat'),
    act('unstage', 'staged', 'untracked.dat'),
    act('discard', 'unstaged', 'two.dat'),
    undo,
    act('revert', 'all', 'one.dat'),
    undo,
    ['staging.list', () => staging.list({ worktreeId })],
    ['staging.draft', () => staging.draft({ worktreeId })],
    commit(false),
    commit(true),
  ]
}
