import { Archive, Plus } from 'lucide-react'
import { describe, expect, it, vi } from 'vitest'
import { renderMarkup, wordsOf } from '../dev/render-markup.tsx'
import { Count, EmptyState, Lines, Meter, Note, Tag, Why } from './bits.tsx'
import { Button, IconButton } from './button.tsx'
import { CommandButton } from './command-button.tsx'
import { Field } from './field.tsx'
import { FindBar } from './find-bar.tsx'
import { Segmented } from './segmented.tsx'
import { AskedMark, AskedStatus, Status, StatusMark, type MarkKind } from './status-mark.tsx'
import { Stepper } from './stepper.tsx'
import { Toasts } from './toasts.tsx'

const marks: readonly MarkKind[] = [
  'working',
  'needs-you',
  'idle',
  'failed',
  'setting-up',
  'queued',
  'stopped',
  'unknown',
  'passed',
  'merged',
]

describe('the marks of states', () => {
  it('have a shape of their own each, so that none is told by colour alone', () => {
    const shapes = marks.map((kind) => renderMarkup(<StatusMark kind={kind} />).replace(/data-kind="[^"]*"/, ''))
    expect(new Set(shapes).size).toBe(marks.length)
  })

  it('are hidden from screen readers, for which the word stands beside', () => {
    const markup = renderMarkup(<Status kind="failed" word="Failed, exit 1" isPill />)
    expect(markup).toContain('aria-hidden="true"')
    expect(wordsOf(markup)).toBe('Failed, exit 1')
  })
})

describe('a state that answers why', () => {
  it('is a button that says so, with its word first', () => {
    const markup = renderMarkup(<AskedStatus kind="idle" word="Idle" isPill onWhy={() => {}} />)
    expect(markup).toMatch(/<button[^>]*type="button"[^>]*aria-label="Idle. Why\?"/)
    expect(wordsOf(markup)).toBe('Idle')
  })

  it('in a row is for the pointer alone', () => {
    const markup = renderMarkup(<AskedMark kind="idle" isSelected={() => true} onWhy={() => {}} />)
    expect(markup).toMatch(/^<span[^>]*aria-hidden="true"/)
    expect(markup).not.toContain('<button')
  })
})

describe('a button', () => {
  it('shows its key and is no submit button by itself', () => {
    const markup = renderMarkup(
      <Button icon={Plus} keys="Ctrl N">
        New
      </Button>,
    )
    expect(wordsOf(markup)).toBe('New Ctrl N')
    expect(markup).toContain('type="button"')
  })

  it('stays reachable while it cannot be pressed, so that its reason can be read', () => {
    const markup = renderMarkup(<Button disabledReason="Choose one first.">Send</Button>)
    expect(markup).toContain('aria-disabled="true"')
    expect(markup).not.toMatch(/ disabled[= >]/)
  })

  it('keeps its label while it is busy', () => {
    const markup = renderMarkup(
      <Button icon={Plus} isBusy>
        Save
      </Button>,
    )
    expect(wordsOf(markup)).toBe('Save')
    expect(markup).toContain('data-kind="setting-up"')
  })

  it('has a name when it is an icon alone', () => {
    expect(renderMarkup(<IconButton icon={Archive} label="Archive" />)).toContain('aria-label="Archive"')
  })

  it('takes title and key of a command', () => {
    expect(wordsOf(renderMarkup(<CommandButton command="needs-you.next" />))).toBe('Next that needs you Ctrl Shift U')
    expect(wordsOf(renderMarkup(<CommandButton command="session.new">Start one</CommandButton>))).toBe(
      'Start one Ctrl N',
    )
  })
})

describe('small parts', () => {
  it('leave out lines when nothing changed', () => {
    expect(renderMarkup(<Lines added={0} removed={0} />)).toBe('')
    expect(wordsOf(renderMarkup(<Lines added={3} removed={0} />))).toBe('+3')
  })

  it('turn a meter amber at 80 per cent and keep it within its frame', () => {
    expect(renderMarkup(<Meter percent={79} />)).not.toContain('data-warn')
    expect(renderMarkup(<Meter percent={80} />)).toContain('data-warn')
    expect(renderMarkup(<Meter percent={140} />)).toContain('width:100%')
    expect(renderMarkup(<Meter percent={-5} />)).toContain('width:0%')
  })

  it('say what they are to those who do not see them', () => {
    expect(renderMarkup(<Count value={3} label="three waiting" isAmber />)).toContain('aria-label="three waiting"')
    expect(
      renderMarkup(
        <Note icon={Plus} role="alert">
          No
        </Note>,
      ),
    ).toContain('role="alert"')
    expect(wordsOf(renderMarkup(<Why icon={Plus}>Because</Why>))).toBe('Because')
    expect(renderMarkup(<Tag tone="bad">stale</Tag>)).toContain('data-tone="bad"')
  })

  it('an empty screen says what it is for and what to do next', () => {
    const markup = renderMarkup(
      <EmptyState icon={Archive} title="Nothing here" actions={<Button>Begin</Button>}>
        Things appear here.
      </EmptyState>,
    )
    expect(wordsOf(markup)).toBe('Nothing here Things appear here. Begin')
  })
})

describe('a field', () => {
  const draw = (error: string | null) =>
    renderMarkup(
      <Field label="Name" hint="As you like." error={error}>
        {(control) => <input {...control} />}
      </Field>,
    )

  it('ties label and hint to its control', () => {
    const markup = draw(null)
    expect(markup).toMatch(/for="([^"]+)".*id="\1"/s)
    expect(markup).toMatch(/aria-describedby="([^"]+)".*id="\1"/s)
    expect(markup).not.toContain('aria-invalid')
  })

  it('puts the error in the place of the hint and marks the control', () => {
    const markup = draw('Too long.')
    expect(wordsOf(markup)).toBe('Name Too long.')
    expect(markup).toContain('aria-invalid="true"')
    expect(markup).toContain('role="alert"')
  })
})

describe('choices', () => {
  it('are radios of which one is checked', () => {
    const markup = renderMarkup(
      <Segmented
        label="Theme"
        value="b"
        options={[
          { value: 'a', label: 'A' },
          { value: 'b', label: 'B' },
        ]}
        onChange={vi.fn()}
      />,
    )
    expect(markup.match(/aria-checked="true"/g)).toHaveLength(1)
    expect(markup.match(/role="radio"/g)).toHaveLength(2)
    expect(markup).toContain('aria-label="Theme"')
  })

  it('stop at their ends', () => {
    const stepper = (value: number) =>
      renderMarkup(<Stepper label="Size" value={value} min={8} max={32} onChange={vi.fn()} />)
    expect(stepper(8)).toMatch(/aria-label="Less"[^>]*disabled/)
    expect(stepper(32)).toMatch(/aria-label="More"[^>]*disabled/)
    expect(stepper(12)).not.toContain('disabled')
  })
})

describe('notices', () => {
  it('are read out, errors at once, and offer to undo', () => {
    const markup = renderMarkup(
      <Toasts
        toasts={[
          { id: 1, icon: Archive, text: 'Archived.', action: { label: 'Undo', run: vi.fn() } },
          { id: 2, icon: Archive, text: 'Refused.', isError: true },
        ]}
        onClose={vi.fn()}
      />,
    )
    expect(wordsOf(markup)).toBe('Archived. Undo Refused.')
    expect(markup).toContain('role="status"')
    expect(markup).toContain('role="alert"')
  })
})

describe('a bar that finds', () => {
  const bar = (problem: string | null, words: string) =>
    renderMarkup(
      <FindBar
        label="Find in the notes"
        text="ledger"
        words={words}
        problem={problem}
        turn={0}
        testId="find"
        countTestId="count"
        onText={() => {}}
        onStep={() => {}}
        onClose={() => {}}
      >
        <IconButton icon={Plus} label="Match case" />
      </FindBar>,
    )

  it('is a search with a named field, and tells what was found', () => {
    const markup = bar(null, '2 of 3')
    expect(markup).toMatch(/^<div role="search"[^>]*data-testid="find"/)
    expect(markup).toMatch(/<input[^>]*aria-label="Find in the notes"[^>]*value="ledger"/)
    expect(markup).toMatch(/role="status"[^>]*data-testid="count"[^>]*>2 of 3</)
  })

  it('has the further buttons before those that step', () => {
    const names = [...bar(null, '').matchAll(/<button[^>]*aria-label="([^"]*)"/g)].map(([, name]) => name)
    expect(names).toEqual(['Match case', 'Previous', 'Next', 'Close'])
  })

  it('says why what was typed cannot be looked for', () => {
    expect(bar('It ends too early.', 'No expression')).toMatch(/aria-invalid="true".*title="It ends too early."/)
    expect(bar(null, '')).toContain('aria-invalid="false"')
  })
})
