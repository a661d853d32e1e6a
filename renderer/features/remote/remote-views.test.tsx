import { describe, expect, it } from 'vitest'
import type { PullRequest, RemoteComment, RemoteState } from '../../../shared/contract/remote.ts'
import { worktreeIdAt } from '../../dev/fixtures.ts'
import { pullRequestRow, remoteCommentRow, remoteStateOf } from '../../dev/remote-fixtures.ts'
import { renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { PullRequestView } from './pull-request-view.tsx'
import { createRemoteDesk, type DeskState } from './remote-desk.ts'
import { RemoteContent } from './remote-content.tsx'

const deskWith = (change: Partial<DeskState>) => {
  const desk = createRemoteDesk({} as never, worktreeIdAt(1))
  desk.store.setState(change)
  desk.store.getInitialState = desk.store.getState
  return desk
}
const nothing = () => undefined
const draw = (change: Partial<RemoteState>, more: Partial<DeskState> = {}) => {
  const state = remoteStateOf(change)
  const desk = deskWith({ state, ...more })
  return renderMarkup(
    <RemoteContent desk={desk} state={state} onPush={nothing} onReplace={nothing} onCreate={nothing} />,
  )
}
const drawPull = (change: Partial<PullRequest>, comments: readonly RemoteComment[] = []) =>
  renderMarkup(<PullRequestView desk={deskWith({ comments })} pull={pullRequestRow(change)} />)

describe('the section', () => {
  it('says where a push goes, and offers what can be done', () => {
    const markup = draw({})
    expect(wordsOf(markup)).toMatch(
      /origin https:\/\/github\.com\/acme\/app\.git Not pushed yet Push Make a pull request…/,
    )
    expect(markup).not.toContain('Compare in the browser')
    expect(wordsOf(draw({ remoteHead: 'b'.repeat(40), forge: 'gitlab' }))).toMatch(
      /merge request… .*Compare in the browser/,
    )
  })

  it('offers to replace only a branch that went another way, and to end a push that is on its way', () => {
    const apart = { remoteHead: 'b'.repeat(40), ahead: 1, behind: 1 }
    expect(draw(apart)).toContain(testId.remoteReplace)
    expect(draw({ ...apart, ahead: 0 })).not.toContain(testId.remoteReplace)
    const pushing = draw(apart, { isPushing: true })
    expect(wordsOf(pushing)).toContain('End the push')
    expect(pushing).not.toContain(testId.remoteReplace)
  })

  it('says what is missing, what to know before, and that it was merged elsewhere', () => {
    const words = wordsOf(draw({ tool: 'missing', notes: ['Large files stay here.'], isInBase: true }))
    expect(words).toContain('gh auth login')
    expect(words).toContain('Large files stay here.')
    expect(words).toContain('All its commits are in main.')
    expect(words).not.toContain('Make a pull request')
    expect(wordsOf(draw({ remote: null, problem: 'No remote. Add one: `git remote add`' }))).toBe(
      'No remote. Add one: git remote add',
    )
  })
})

describe('a pull request', () => {
  it('shows its state, its checks and where those that failed are', () => {
    const checks = [
      { name: 'build\u202E', state: 'failed', url: 'https://github.com/acme/app/runs/1' },
      { name: 'lint', state: 'passed', url: null },
    ] as const
    const markup = drawPull({ state: 'draft', checks: [...checks], title: '<b>Fix</b>' })
    expect(wordsOf(markup)).toMatch(/^Draft <b>Fix<\/b> #7 on GitHub asked .* 1 of 2 checks failed build⟨U\+202E⟩$/)
    expect(markup).toContain('href="https://github.com/acme/app/runs/1" target="_blank" rel="noopener noreferrer"')
  })

  it('shows what people said as text, and which of it the agent has', () => {
    const comments = [
      remoteCommentRow({ body: '<img src=x>' }),
      remoteCommentRow({ key: 'line:2', body: 'y'.repeat(500), givenAt: 1 }),
    ]
    const markup = drawPull({ comments: 2, newComments: 1 }, comments)
    expect(markup).toContain('&lt;img src=x&gt;')
    expect(wordsOf(markup)).toMatch(/From GitHub eve · src\/a\.ts:12 <img src=x> Give to the agent/)
    expect(wordsOf(markup)).toMatch(/y… Show all of it The agent has it since/)
    expect(wordsOf(drawPull({ comments: 2, newComments: 2 }, comments))).toContain('Give all 2 to the agent')
  })
})
