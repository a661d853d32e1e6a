import { RefreshCw, SquareTerminal } from 'lucide-react'
import type { Agent } from '../../../../shared/contract/agents.ts'
import { testId } from '../../../lib/test-ids.ts'
import { Button } from '../../../ui/button.tsx'
import { Checkbox } from '../../../ui/checkbox.tsx'
import { Field } from '../../../ui/field.tsx'
import { Select, type SelectOption } from '../../../ui/select.tsx'
import { agentSupplyOf, supplyHint } from './agent-supply-rules.ts'
import { problemAt, type FieldProps } from './field-props.ts'
import { TitleField } from './prompt-field.tsx'
import { useLookAgain } from './use-look-again.ts'

interface AgentFieldsProps extends FieldProps {
  readonly agents: readonly Agent[]
  readonly agent: Agent | undefined
}

/** Which agent, which model, and how freely it may act. */
export const AgentFields = ({ draft, problem, onChange, agents, agent }: AgentFieldsProps) => (
  <div className="new-session-grid">
    <AgentField draft={draft} problem={problem} onChange={onChange} agents={agents} agent={agent} />
    {agent === undefined || agent.models.length === 0 ? null : (
      <Field label="Model">
        {(control) => (
          <Select
            control={control}
            value={draft.model}
            options={[
              { value: '', label: 'As the agent is set' },
              ...agent.models.map((model) => ({ value: model.id, label: model.label })),
            ]}
            testId={testId.newSessionModel}
            onChange={(model) => onChange({ model })}
          />
        )}
      </Field>
    )}
    {agent === undefined || agent.permissionModes.length === 0 ? null : (
      <Field label="Permission mode">
        {(control) => (
          <Select
            control={control}
            value={draft.permissionMode}
            options={modeOptions(agent)}
            testId={testId.newSessionMode}
            onChange={(permissionMode) => onChange({ permissionMode })}
          />
        )}
      </Field>
    )}
    <TitleField draft={draft} agent={agent} onChange={onChange} />
    {agent?.canUseTeams === true ? (
      <div className="new-session-wide">
        <Checkbox
          label="Let it run a team"
          hint="It may start teammates that share tasks in this worktree. Experimental, and it costs tokens."
          testId={testId.newSessionTeams}
          isChecked={draft.usesTeams}
          onChange={(usesTeams) => onChange({ usesTeams })}
        />
      </div>
    ) : null}
  </div>
)

const AgentField = ({ problem, onChange, agents, agent }: AgentFieldsProps) => {
  const { isLooking, lookAgain } = useLookAgain()
  const supply = agentSupplyOf(agents)
  return (
    <Field
      label="Agent"
      hint={supplyHint(supply)}
      error={problemAt(problem, 'agent')}
      errorTestId={testId.newSessionError}
      aside={
        supply === 'ready' ? null : (
          <Button
            size="small"
            variant="ghost"
            icon={RefreshCw}
            isBusy={isLooking}
            data-testid={testId.newSessionLookAgain}
            onClick={lookAgain}
          >
            Look again
          </Button>
        )
      }
    >
      {(control) => (
        <Select
          control={control}
          icon={SquareTerminal}
          value={agent?.id ?? ''}
          options={agents.map(agentOption)}
          placeholder="Looking for agents…"
          isDisabled={agents.length === 0}
          testId={testId.newSessionAgent}
          // Models and modes belong to an agent.
          onChange={(id) => onChange({ agentId: id as Agent['id'], model: '', permissionMode: '' })}
        />
      )}
    </Field>
  )
}

const agentOption = (agent: Agent): SelectOption => {
  const { availability } = agent
  switch (availability.kind) {
    case 'found':
      return { value: agent.id, label: agent.name, detail: availability.version ?? undefined }
    case 'missing':
      return { value: agent.id, label: agent.name, detail: 'not found', hint: availability.hint, isDisabled: true }
    default:
      return { value: agent.id, label: agent.name, detail: 'broken', hint: availability.problem, isDisabled: true }
  }
}

/** The agent's own default first: it is what an untouched form sends. Modes that never ask are marked, everywhere. */
const modeOptions = (agent: Agent): readonly SelectOption[] => {
  const own = agent.permissionModes.find((mode) => mode.id === agent.defaultPermissionMode)
  return [
    { value: '', label: own?.label ?? 'Default', detail: 'the agent’s own default', hint: own?.hint },
    ...agent.permissionModes
      .filter((mode) => mode.id !== own?.id)
      .map((mode) => ({
        value: mode.id,
        label: mode.label,
        hint: mode.hint,
        isDangerous: mode.isDangerous,
      })),
  ]
}
