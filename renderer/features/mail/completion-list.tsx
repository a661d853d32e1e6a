import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import type { Completion } from './use-completion.ts'

/** Who could be meant, beneath the field in which a name is typed. */
export const CompletionList = ({ completion, label }: { readonly completion: Completion; readonly label: string }) =>
  completion.options.length === 0 ? null : (
    <div
      id={completion.listId}
      className="popup completion"
      role="listbox"
      aria-label={label}
      data-testid={testId.mailCompletion}
    >
      {completion.options.map((option, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the field has the focus and its keys choose
        <div
          key={option.value}
          id={completion.optionId(index)}
          className="popup-item completion-item"
          role="option"
          tabIndex={-1}
          aria-selected={index === completion.activeIndex}
          data-highlighted={index === completion.activeIndex || undefined}
          onMouseMove={() => completion.setActive(index)}
          // A press would take the focus away from the field before the click arrives.
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => completion.choose(index)}
        >
          <span className="cut grow">{visibleLine(option.label)}</span>
          <span className="completion-detail cut">{visibleLine(option.detail)}</span>
        </div>
      ))}
    </div>
  )
