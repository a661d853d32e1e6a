import { visibleLine } from '../../../shared/lib/visible-text.ts'

interface CodeQuoteProps {
  readonly removed: readonly string[]
  readonly added: readonly string[]
  readonly kept: readonly string[]
}

/** A card is no place to read a file. */
const mostLines = 24

/** Lines of code in a card: those that go, those that come, or those that were. */
export const CodeQuote = ({ removed, added, kept }: CodeQuoteProps) => (
  <div className="code-quote mono selectable">
    <Lines kind="removed" sign="−" lines={removed} />
    <Lines kind="added" sign="+" lines={added} />
    <Lines kind="kept" sign=" " lines={kept} />
  </div>
)

interface LinesProps {
  readonly kind: 'removed' | 'added' | 'kept'
  readonly sign: string
  readonly lines: readonly string[]
}

const Lines = ({ kind, sign, lines }: LinesProps) => {
  const more = lines.length - mostLines
  return (
    <>
      {lines.slice(0, mostLines).map((line, index) => (
        // eslint-disable-next-line react/no-array-index-key -- the lines of a text never move
        <div key={index} className="code-quote-line" data-kind={kind}>
          <span className="code-quote-sign">{sign}</span>
          <span className="code-quote-text">{visibleLine(line)}</span>
        </div>
      ))}
      {more > 0 ? <div className="code-quote-more text-12 text-faint">{more} more</div> : null}
    </>
  )
}
