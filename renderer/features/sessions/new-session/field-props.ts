import type { FormField, FormProblem, NewSessionDraft } from './new-session-rules.ts'

/** What every part of the form gets. */
export interface FieldProps {
  readonly draft: NewSessionDraft
  readonly problem: FormProblem | null
  readonly onChange: (part: Partial<NewSessionDraft>) => void
}

export const problemAt = (problem: FormProblem | null, field: FormField): string | null =>
  problem?.field === field ? problem.message : null
