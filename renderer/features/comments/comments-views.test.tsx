import { describe, expect, it } from 'vitest'
import type { CommentPlace, CommentThread } from '../../../shared/contract/comments.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import type { Comments } from '../../data/comments.ts'
import { BegunComment } from './begun-comment.tsx'
import { CommentsActions } from './comments-actions.tsx'
import { CommentsProvider, type CommentsDesk } from './comments-context.tsx'
import { shownThreads } from './note-index.ts'
import { answerRow, commentRow, linesAt, placeRow, sentAt, threadIdAt, threadRow } from './testing.ts'
import { ThreadCard } from './thread-card.tsx'
import { parseTyping, type Typing } from './typing.ts'

const data = createMarkupData()
const [session] = data.stores.sessions.store.getState().byId.values()
const sessionId = session?.id ?? ('ses_1' as SessionId)

interface Scene {
  readonly threads: readonly CommentThread[]
  readonly places?: readonly CommentPlace[]
  readonly answers?: Parameters<typeof shownThreads>[0]['answers']
  readonly typing?: Partial<Typing>
}

const draw = (element: React.ReactNode, { threads, places = [], answers = [], typing = {} }: Scene) => {
  const desk: CommentsDesk = {
    comments: {} as Comments,
    sessionId,
    threads: shownThreads({ threads, places: new Map(places.map((place) => [place.threadId, place])), answers }),
    guide: () => null,
    typing: { ...parseTyping(null), ...typing },
    changeTyping: () => undefined,
    goTo: () => undefined,
    wanted: null,
    isSending: false,
    setSending: () => undefined,
  }
  return renderMarkup(<CommentsProvider value={desk}>{element}</CommentsProvider>, data)
}
const card = (scene: Scene) => draw(<ThreadCard id={threadIdAt(1)} />, scene)
const words = (scene: Scene) => wordsOf(card(scene))
const sent = { number: 2, comments: [commentRow(1, sentAt(5))] }
const kept = placeRow(1, { kind: 'kept', from: 39, to: 39 })

describe('a thread', () => {
  it('with a draft says that it waits, what it says and suggests, and can be changed', () => {
    const comment = commentRow(1, { body: 'Keep the `key` \u202eout', suggestion: 'throw new Other()\nreturn' })
    const markup = card({ threads: [threadRow(1, { comments: [comment] })], places: [kept] })
    expect(wordsOf(markup)).toMatch(/You line 39 .* In this batch/)
    expect(wordsOf(markup)).toContain('Keep the key ⟨U+202E⟩out')
    expect(markup).toContain('<code>key</code>')
    expect(wordsOf(markup)).toContain('− throw new Conflict() + throw new Other() + return')
    expect(markup).toContain('aria-label="Edit or delete"')
    expect(wordsOf(markup)).not.toContain('Resolve')
  })

  it('that was sent has its name, its state and its answers in their order, and can be resolved', () => {
    const later = commentRow(2, { body: 'And now?', ...sentAt(3_000_000) })
    const scene = {
      threads: [threadRow(1, { number: 2, comments: [commentRow(1, sentAt(5)), later] })],
      places: [kept],
      answers: [answerRow(1, { sessionId }), answerRow(1, { sessionId, body: ' ', isOfWhole: true, at: 4_000_000 })],
    }
    const said = words(scene)
    expect(said).toMatch(/^c2 Answered /)
    expect(said).toMatch(/Why\? .*Done\. .*And now\? .*to the whole review Answered without words\./)
    expect(said).toContain(session?.title)
    expect(said).toMatch(/Add to this thread Resolve$/)
    expect(card(scene)).not.toContain('aria-label="Edit or delete"')
  })

  it('whose lines changed shows them as they were', () => {
    const place = placeRow(1, { kind: 'changed', from: 39, to: 39 })
    expect(words({ threads: [threadRow(1, sent)], places: [place] })).toMatch(
      /^c2 Changed It was said of these lines, which changed since: throw new Conflict\(\) Y You/,
    )
    const answered = words({ threads: [threadRow(1, sent)], places: [place], answers: [answerRow(1)] })
    expect(answered).toMatch(/^c2 Answered Changed /)
  })

  it('that is outdated says what is gone, and that it was answered all the same', () => {
    const place = placeRow(1, { kind: 'outdated', why: 'file-gone' })
    expect(words({ threads: [threadRow(1, sent)], places: [place], answers: [answerRow(1)] })).toMatch(
      /^c2 Outdated Answered The file is not there any more/,
    )
  })

  it('that is done with is one line, unless something of it waits', () => {
    const resolved = { ...sent, resolvedAt: 9 }
    expect(words({ threads: [threadRow(1, resolved)], places: [kept] })).toBe('Resolved, c2, line 39 Show')
    const waits = { ...resolved, comments: [...sent.comments, commentRow(2)] }
    expect(words({ threads: [threadRow(1, waits)], places: [kept] })).toContain('Open again')
  })

  it('is nothing when it is gone', () => {
    expect(words({ threads: [] })).toBe('')
  })

  it('cuts what is long, and says how much more there is', () => {
    const lines = Array.from({ length: 30 }, (_, at) => `line ${at}`)
    const comment = commentRow(1, { at: linesAt({ lines, to: 68 }), suggestion: '' })
    expect(words({ threads: [threadRow(1, { comments: [comment] })], places: [kept] })).toContain('− line 23 6 more')
  })
})

describe('what is being typed', () => {
  it('stands in the place of the draft that is changed', () => {
    const id = commentRow(1).id
    const markup = card({
      threads: [threadRow(1)],
      places: [kept],
      typing: { edits: { [id]: { body: 'Half a thou', suggestion: 'x' } } },
    })
    expect(markup).toContain('Half a thou</textarea>')
    expect(wordsOf(markup)).toContain('Save')
    expect(wordsOf(markup)).toContain('Without suggestion')
  })

  it('stands in its thread', () => {
    const typing = { replies: { [threadIdAt(1)]: 'And ano' } }
    expect(card({ threads: [threadRow(1, sent)], places: [kept], typing })).toContain('And ano</textarea>')
  })

  it('on lines of its own offers a change of those that can be changed', () => {
    const view = { kind: 'scope', scope: 'all' } as const
    const lines = {
      rawPath: 'a',
      path: 'a',
      side: 'additions',
      from: 3,
      to: 4,
      text: ['x'],
      snapshot: 'one',
      view,
      oid: null,
    } as const
    const begun = (change: object) => ({
      threads: [],
      typing: { begun: { lines: { ...lines, text: ['x'], ...change }, typed: { body: 'Why', suggestion: null } } },
    })
    const said = wordsOf(draw(<BegunComment />, begun({})))
    expect(said).toMatch(/^On lines 3–4 Why Add to the review .* Cancel Suggest a change$/)
    expect(wordsOf(draw(<BegunComment />, begun({ side: 'deletions' })))).not.toContain('Suggest')
    expect(wordsOf(draw(<BegunComment />, begun({ text: null })))).not.toContain('Suggest')
    expect(draw(<BegunComment />, { threads: [] })).toBe('')
  })
})

describe('the bar of a review', () => {
  it('has nothing while nothing was said, the sending while something waits, and the list of all', () => {
    expect(wordsOf(draw(<CommentsActions />, { threads: [] }))).toBe('')
    const both = draw(<CommentsActions />, {
      threads: [threadRow(1, { ...sent, resolvedAt: 9 }), threadRow(2, { comments: [commentRow(2), commentRow(3)] })],
      places: [kept],
    })
    expect(both).toContain('aria-label="1 comment thread not resolved"')
    expect(wordsOf(both)).toBe('1 Send 2 comments')
    expect(wordsOf(draw(<CommentsActions />, { threads: [threadRow(1, sent)] }))).toBe('1')
  })
})
