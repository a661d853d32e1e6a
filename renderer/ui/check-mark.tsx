import './check-mark.css'
import { StatusMark } from './status-mark.tsx'

interface CheckMarkViewProps {
  readonly kind: 'failed' | 'setting-up' | 'passed'
  readonly count: number
  /** The same for those who do not see it. */
  readonly words: string
  readonly testId?: string
}

/** What checks came to, as a shape and a number. */
export const CheckMarkView = ({ kind, count, words, testId }: CheckMarkViewProps) => (
  <span className="check-mark num" data-kind={kind} title={words} data-testid={testId}>
    <StatusMark kind={kind} />
    <span aria-hidden="true">{count}</span>
    <span className="visually-hidden">, {words}</span>
  </span>
)
