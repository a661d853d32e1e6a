import './field.css'
import { useId, type ReactNode } from 'react'

interface FieldProps {
  readonly label: string
  readonly hint?: ReactNode
  /** Takes the place of the hint and marks the control. */
  readonly error?: string | null
  readonly errorTestId?: string
  /** Gets the ids and states the control has to carry. */
  readonly children: (control: ControlProps) => ReactNode
  /** On the line of the label, at its end. */
  readonly aside?: ReactNode
}

export interface ControlProps {
  readonly id: string
  readonly 'aria-invalid': boolean | undefined
  readonly 'aria-describedby': string | undefined
}

/** A labelled control with its hint or its error beneath. */
export const Field = ({ label, hint, error = null, errorTestId, children, aside }: FieldProps) => {
  const id = useId()
  const noteId = `${id}-note`
  const hasNote = error !== null || hint !== undefined
  return (
    <div className="field">
      <div className="row">
        <label className="field-label grow" htmlFor={id}>
          {label}
        </label>
        {aside}
      </div>
      {children({
        id,
        'aria-invalid': error === null ? undefined : true,
        'aria-describedby': hasNote ? noteId : undefined,
      })}
      {error !== null ? (
        <span className="field-error" id={noteId} role="alert" data-testid={errorTestId}>
          {error}
        </span>
      ) : hint === undefined ? null : (
        <span className="field-hint" id={noteId}>
          {hint}
        </span>
      )}
    </div>
  )
}
