import { useId, useState, type KeyboardEvent } from 'react'
import type { ConflictPart, ConflictView } from '../../../shared/contract/merge.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import {
  fromField,
  lineEndOf,
  pickAt,
  pickedText,
  toField,
  withPick,
  type FileDraft,
  type Pick,
} from './conflict-drafts.ts'
import { sideOptions } from './conflict-words.ts'

interface ConflictFileProps {
  readonly view: ConflictView
  readonly words: string
  readonly draft: FileDraft | undefined
  readonly target: string
  readonly onDraft: (draft: FileDraft) => void
}

/** One file in conflict: whole, or place by place where it has lines. */
export const ConflictFile = ({ view, words, draft, target, onDraft }: ConflictFileProps) => {
  const side = draft !== undefined && 'side' in draft ? draft.side : null
  const options = sideOptions(view, target)
  return (
    <div className="conflict-file" data-testid={testId.conflictShown}>
      <header className="conflict-file-header">
        <div className="column grow">
          <span className="mono cut">{visibleLine(view.path)}</span>
          <span className="text-12 text-quiet">{words}</span>
        </div>
        {options.map((option) => (
          <Button
            key={option.side}
            size="small"
            aria-pressed={side === option.side}
            onClick={() => onDraft({ side: option.side })}
            data-side={option.side}
          >
            {option.label}
          </Button>
        ))}
      </header>
      {view.parts === null ? (
        <p className="conflict-whole text-quiet">
          {side === null
            ? 'This file has no lines to choose from: take it whole, from one side.'
            : (options.find((option) => option.side === side)?.label ?? '')}
        </p>
      ) : (
        <Places
          view={view}
          parts={view.parts}
          draft={draft}
          target={target}
          onDraft={onDraft}
          isWhole={side !== null}
        />
      )}
    </div>
  )
}

interface PlacesProps extends Omit<ConflictFileProps, 'words'> {
  readonly parts: readonly ConflictPart[]
  /** A side was chosen for the whole file. */
  readonly isWhole: boolean
}

const Places = ({ view, parts, draft, target, onDraft, isWhole }: PlacesProps) => {
  const places = numbered(parts)
  const count = places.filter(({ at }) => at !== null).length
  return (
    <div className="conflict-places" role="presentation" data-whole={isWhole || undefined} onKeyDown={walk}>
      {places.map(({ part, at, lines }, index) =>
        part.kind === 'same' || at === null ? (
          // eslint-disable-next-line react/no-array-index-key -- the parts of a file never move
          <Same key={index} part={part} isFirst={index === 0} isLast={index === places.length - 1} />
        ) : (
          <PlaceBox
            // eslint-disable-next-line react/no-array-index-key -- the parts of a file never move
            key={index}
            place={part}
            name={`Conflict ${at + 1} of ${count}`}
            lines={lines}
            pick={pickAt(draft, at)}
            target={target}
            onPick={(pick) => onDraft(withPick(view, draft, at, pick))}
          />
        ),
      )}
    </div>
  )
}

/** Which conflict a part is, and at what line of each side it begins. */
const numbered = (parts: readonly ConflictPart[]) => {
  let [count, target, branch] = [0, 1, 1]
  return parts.map((part) => {
    const lines = { target, branch }
    target += linesOf(part.kind === 'same' ? part.text : part.target).length
    branch += linesOf(part.kind === 'same' ? part.text : part.branch).length
    return { part, lines, at: part.kind === 'same' ? null : count++ }
  })
}

const linesOf = (text: string): readonly string[] => (text === '' ? [] : text.replace(/\r?\n$/, '').split(/\r?\n/))

/** n and p go to the next and the previous conflict; letters typed into a field are its own. */
const walk = (event: KeyboardEvent<HTMLElement>) => {
  const from = event.target
  if (!(from instanceof HTMLElement) || from instanceof HTMLTextAreaElement || event.ctrlKey || event.metaKey) return
  const step = event.key === 'n' ? 1 : event.key === 'p' ? -1 : 0
  if (step === 0) return
  const boxes = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-place]')]
  const next = boxes[boxes.findIndex((box) => box.contains(from)) + step]
  next?.querySelector<HTMLElement>('[role="radio"][tabindex="0"]')?.focus()
}

/** So many lines beside a conflict stay in sight. */
const context = 3

const Same = ({
  part,
  isFirst,
  isLast,
}: {
  readonly part: ConflictPart
  readonly isFirst: boolean
  readonly isLast: boolean
}) => {
  const [isOpen, setOpen] = useState(false)
  const lines = linesOf(part.kind === 'same' ? part.text : '')
  const [above, below] = [isFirst ? 0 : context, isLast ? 0 : context]
  const hidden = lines.length - above - below
  if (isOpen || hidden <= 1) return <pre className="conflict-same">{visibleText(lines.join('\n'))}</pre>
  return (
    <>
      {above === 0 ? null : <pre className="conflict-same">{visibleText(lines.slice(0, above).join('\n'))}</pre>}
      <button type="button" className="conflict-fold text-12 num" onClick={() => setOpen(true)}>
        {hidden} lines that agree
      </button>
      {below === 0 ? null : <pre className="conflict-same">{visibleText(lines.slice(-below).join('\n'))}</pre>}
    </>
  )
}

interface PlaceBoxProps {
  readonly place: Extract<ConflictPart, { readonly kind: 'conflict' }>
  readonly name: string
  readonly lines: { readonly target: number; readonly branch: number }
  readonly pick: Pick
  readonly target: string
  readonly onPick: (pick: Pick) => void
}

const PlaceBox = ({ place, name, lines, pick, target, onPick }: PlaceBoxProps) => {
  const id = useId()
  const into = visibleLine(target)
  const lineEnd = lineEndOf(place)
  const chosen = pick === null ? '' : typeof pick === 'object' ? 'edit' : pick
  const choose = (next: string) => {
    if (next === 'edit') onPick({ text: pick === null ? place.target : pickedText(place, pick) })
    else onPick(next as 'target' | 'branch' | 'both')
  }
  const options = [
    { value: 'target', label: into },
    { value: 'branch', label: 'Branch' },
    { value: 'both', label: 'Both' },
    // A field would make all line ends one.
    ...(lineEnd === null ? [] : [{ value: 'edit', label: 'Edit' }]),
  ]
  return (
    <section
      className="conflict-place"
      aria-label={name}
      data-place
      data-chosen={chosen}
      data-testid={testId.conflictPlace}
    >
      <header>
        <span className="text-12 text-quiet num">{name}</span>
        <span className="spacer" />
        <Segmented label={`What stays of ${name.toLowerCase()}`} value={chosen} options={options} onChange={choose} />
      </header>
      <div className="conflict-sides">
        <Side label={into} text={place.target} first={lines.target} side="target" />
        <Side label="Branch" text={place.branch} first={lines.branch} side="branch" />
      </div>
      {place.base === '' ? null : (
        <details className="conflict-base text-12">
          <summary>What both began with</summary>
          <pre>{visibleText(linesOf(place.base).join('\n'))}</pre>
        </details>
      )}
      {pick !== null && typeof pick === 'object' && lineEnd !== null ? (
        <div className="conflict-edit">
          <label className="text-12 text-quiet" htmlFor={id}>
            Result
          </label>
          <textarea
            id={id}
            className="mono"
            value={toField(pick.text)}
            rows={Math.min(16, linesOf(pick.text).length + 1)}
            spellCheck={false}
            onChange={(event) => onPick({ text: fromField(event.target.value, lineEnd) })}
            data-testid={testId.conflictText}
          />
        </div>
      ) : null}
    </section>
  )
}

interface SideProps {
  readonly label: string
  readonly text: string
  readonly first: number
  readonly side: 'target' | 'branch'
}

const Side = ({ label, text, first, side }: SideProps) => (
  <div className="conflict-side" data-side={side}>
    <span className="text-12 text-quiet cut">{label}</span>
    {text === '' ? (
      <p className="text-12 text-faint conflict-none">No lines here</p>
    ) : (
      <ol start={first} style={{ counterReset: `line ${first - 1}` }}>
        {linesOf(text).map((line, at) => (
          // eslint-disable-next-line react/no-array-index-key -- lines have no other name
          <li key={at}>{visibleText(line) || ' '}</li>
        ))}
      </ol>
    )}
  </div>
)
