import { describe, expect, it, vi } from 'vitest'
import type { Ask, AskDetail } from '../../../shared/contract/asks.ts'
import { askIdAt, askRow, sessionIdAt, sessionRow } from '../../dev/fixtures.ts'
import { createMarkupData, renderMarkup, wordsOf } from '../../dev/render-markup.tsx'
import { testId } from '../../lib/test-ids.ts'
import { AnswerBar } from './answer-bar.tsx'
import { AskBody } from './ask-body.tsx'
import { AskRow } from './ask-row.tsx'
import { NeedsYouScreen } from './needs-you-screen.tsx'

const permission = (change: Partial<Extract<AskDetail, { kind: 'permission' }>> = {}): AskDetail => ({
  kind: 'permission',
  toolName: 'Bash',
  subject: 'npm publish',
  description: 'Publishes the package',
  edit: null,
  wider: [{ id: 'project', label: 'Allow for this project' }],
  ...change,
})
const question = (multiSelect: boolean): AskDetail => ({
  kind: 'question',
  questions: [
    {
      question: 'Which one?',
      header: 'h',
      multiSelect,
      options: [
        { label: 'Left', description: 'The left one' },
        { label: 'Right', description: '' },
      ],
    },
  ],
})

const withAsk = (detail: AskDetail, change: Partial<Ask> = {}) => {
  const data = createMarkupData(true)
  data.stores.sessions.put([sessionRow(1, 'One')])
  data.stores.asks.put([{ ...askRow(1, sessionIdAt(1), detail, 120_000), ...change }])
  return data
}

describe('the answer bar', () => {
  const draw = (detail: AskDetail, change?: Partial<Ask>) =>
    renderMarkup(<AnswerBar sessionId={sessionIdAt(1)} />, withAsk(detail, change))

  it('asks for a permission with its subject, its age and every way to answer', () => {
    expect(wordsOf(draw(permission()))).toBe(
      'Allow this command? npm publish asked 2 min ago Allow once Y Allow for this project Deny with a note N or in the terminal',
    )
  })

  it('asks for a plan in words of its own', () => {
    expect(wordsOf(draw({ kind: 'plan', plan: 'Do it' }))).toContain('Go ahead Y Keep planning N')
  })

  it('shows the options of a question with their digits', () => {
    const words = wordsOf(draw(question(false)))
    expect(words).toContain('Which one? 1 Left The left one 2 Right')
    expect(words).not.toContain('Send answer')
  })

  it('sends several choices together', () => {
    const markup = draw(question(true))
    expect(wordsOf(markup)).toContain('Send answer')
    expect(markup).toContain('aria-disabled="true"')
  })

  it('is not there without an open question, or for one that only the terminal can answer', () => {
    expect(draw(permission(), { state: { kind: 'gone', why: 'ended', at: 1 } })).toBe('')
    expect(draw({ kind: 'terminal', what: 'A login' })).not.toContain(testId.answerBar)
    expect(draw(permission(), { canAnswerHere: false })).toBe('')
  })

  it('can be focused, and says whose question it is', () => {
    expect(draw(permission())).toMatch(new RegExp(`tabindex="0"[^>]*data-answer-bar="${sessionIdAt(1)}"`, 'i'))
  })

  it('shows the oldest question first', () => {
    const data = withAsk(permission())
    data.stores.asks.put([askRow(2, sessionIdAt(1), permission({ subject: 'older' }), 900_000)])
    expect(wordsOf(renderMarkup(<AnswerBar sessionId={sessionIdAt(1)} />, data))).toContain('older')
  })
})

describe('what an ask is about', () => {
  it('shows a command whole, with what the agent says of it', () => {
    expect(wordsOf(renderMarkup(<AskBody detail={permission()} />))).toBe('npm publish Publishes the package')
  })

  it('writes out what would hide in a command', () => {
    expect(wordsOf(renderMarkup(<AskBody detail={permission({ subject: 'rm\u200B -rf \u202E/' })} />))).toContain(
      'rm⟨U+200B⟩ -rf ⟨U+202E⟩/',
    )
  })

  it('shows an edit by sign and not by colour alone', () => {
    const edit = { path: 'src/a.ts', before: 'old', after: 'new' }
    const markup = renderMarkup(<AskBody detail={permission({ edit })} />)
    expect(wordsOf(markup)).toBe('src/a.ts − old + new Publishes the package')
    expect(markup).toContain('data-kind="removed"')
    expect(markup).toContain('data-kind="added"')
  })

  it('shows a plan as text, never as markup', () => {
    const markup = renderMarkup(<AskBody detail={{ kind: 'plan', plan: '<img src=x onerror=alert(1)>' }} />)
    expect(markup).not.toContain('<img')
    expect(wordsOf(markup)).toBe('<img src=x onerror=alert(1)>')
  })

  it('says what a terminal waits for', () => {
    expect(wordsOf(renderMarkup(<AskBody detail={{ kind: 'terminal', what: 'It waits for a login.' }} />))).toBe(
      'It waits for a login.',
    )
  })
})

describe('a row of the list', () => {
  const draw = (detail: AskDetail, isSelected: boolean, change?: Partial<Ask>) =>
    renderMarkup(
      <AskRow id={askIdAt(1)} order={3} isSelected={isSelected} onSelect={vi.fn()} onGoToTerminal={vi.fn()} />,
      withAsk(detail, change),
    )

  it('names session, reason and age, and shows how to answer only when it is chosen', () => {
    expect(wordsOf(draw(permission(), false))).toBe('3 One 2m Permission to run a command')
    expect(draw(permission(), true)).toContain(`data-testid="${testId.answerAllow}"`)
  })

  it('quotes a question before it is chosen', () => {
    expect(wordsOf(draw(question(false), false))).toContain('“Which one?”')
  })

  it('leads to the terminal when nothing else can answer', () => {
    const markup = draw({ kind: 'terminal', what: 'A login' }, true, { canAnswerHere: false })
    expect(wordsOf(markup)).toContain('Go to terminal')
    expect(markup).not.toContain(`data-testid="${testId.answerAllow}"`)
  })
})

describe('the list of who needs you', () => {
  const draw = (isEmpty: boolean, selectedKey: string | null = null) =>
    renderMarkup(
      <NeedsYouScreen
        selectedKey={selectedKey}
        focusRequest={0}
        nextKeys="Ctrl Shift U"
        onSelect={vi.fn()}
        onGoToTerminal={vi.fn()}
        onOpenTerminals={vi.fn()}
        footer={null}
      />,
      createMarkupData(isEmpty),
    )

  it('groups what blocks an agent and what can wait, counted through', () => {
    const words = wordsOf(draw(false))
    expect(words.indexOf('Blocks an agent')).toBeLessThan(words.indexOf('Can wait'))
    expect(words).toContain('1 Virtualise the invoices table')
    expect(words).toContain('3 Idempotency keys on transfers')
    expect(words).toContain('4 Remove moment from date utils 4m Unknown: no sign of it for a while')
    expect(words).toContain('Set-up failed')
    expect(words).toContain('Lost')
  })

  it('chooses the oldest until another one is chosen', () => {
    const chosen = (markup: string) => /aria-current="true"[^>]*aria-label="([^"]+)"/.exec(markup)?.[1]
    expect(chosen(draw(false))).toBe('Virtualise the invoices table, Question')
    expect(chosen(draw(false, askIdAt(2)))).toBe('Retry webhooks with backoff, Permission to run a command')
    expect(chosen(draw(false, 'gone'))).toBe('Virtualise the invoices table, Question')
  })

  it('says what it is for when nobody waits, with the next step', () => {
    expect(wordsOf(draw(true))).toContain('Nobody needs you Permissions, questions and plans')
    expect(wordsOf(draw(true))).toContain('Go to terminals')
    expect(wordsOf(draw(true))).not.toContain('Ctrl Shift U')
  })
})
