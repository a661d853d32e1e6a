import type { RefObject } from 'react'
import type { Agent } from '../../../../shared/contract/agents.ts'
import { testId } from '../../../lib/test-ids.ts'
import { Field } from '../../../ui/field.tsx'
import { problemAt, type FieldProps } from './field-props.ts'
import { titleFromPrompt } from './new-session-rules.ts'

interface PromptFieldProps extends FieldProps {
  readonly agent: Agent | undefined
  readonly field: RefObject<HTMLTextAreaElement | null>
}

/** What the agent should do; its first line names the session unless a title is given. */
export const PromptField = ({ draft, problem, onChange, agent, field }: PromptFieldProps) =>
  agent?.takesPrompt === false ? null : (
    <Field
      label="What should it do?"
      hint="The first line becomes the title. Shift+Enter adds a line."
      error={problemAt(problem, 'prompt')}
      errorTestId={testId.newSessionError}
    >
      {(control) => (
        <textarea
          {...control}
          ref={field}
          className="input new-session-prompt scroll"
          placeholder="Describe the change. Markdown is welcome."
          maxLength={100_000}
          data-testid={testId.newSessionPrompt}
          value={draft.prompt}
          onChange={(event) => onChange({ prompt: event.target.value })}
        />
      )}
    </Field>
  )

/** The name of the session, when its first line would not do. */
export const TitleField = ({
  draft,
  onChange,
  agent,
}: Omit<FieldProps, 'problem'> & { readonly agent: Agent | undefined }) => {
  const ownTitle = agent?.takesPrompt === false ? agent.name : titleFromPrompt(draft.prompt)
  return (
    <Field label="Title">
      {(control) => (
        <input
          {...control}
          className="input"
          maxLength={200}
          placeholder={ownTitle === '' ? 'From the first line' : ownTitle}
          data-testid={testId.newSessionTitle}
          value={draft.title}
          onChange={(event) => onChange({ title: event.target.value })}
        />
      )}
    </Field>
  )
}
