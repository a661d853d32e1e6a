import './checks.css'
import { ArrowDown, ArrowUp, ListChecks, Pencil, Plus, Trash2 } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Check, CheckProposal } from '../../../shared/contract/checks.ts'
import type { CheckId, ProjectId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useChecks } from '../../data/checks.ts'
import { useApi } from '../../data/data-context.tsx'
import { settle } from '../../data/settle.ts'
import { testId } from '../../lib/test-ids.ts'
import { EmptyState, Tag, withCode } from '../../ui/bits.tsx'
import { Button, IconButton } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { beforeWhich, draftOf, emptyDraft } from './check-form.ts'
import { CheckFieldsForm } from './check-fields-form.tsx'
import { useCheckActions, type CheckActions } from './use-check-actions.ts'

interface ChecksDialogProps {
  readonly projectId: ProjectId
  readonly onClose: () => void
}

/** The one that is written: `null` for a new one. */
type Editing = { readonly id: CheckId | null }

/** The project's checks: what they run, in which order, and which of them are gates. */
export const ChecksDialog = ({ projectId, onClose }: ChecksDialogProps) => {
  const checks = useChecks(projectId)
  const actions = useCheckActions()
  const [editing, setEditing] = useState<Editing | null>(null)
  const close = () => setEditing(null)
  const save = (id: CheckId | null) => async (fields: Parameters<CheckActions['save']>[2]) => {
    const problem = await actions.save(projectId, id, fields)
    if (problem === null) close()
    return problem
  }
  return (
    <Dialog
      isOpen
      title="Checks"
      width={640}
      testId={testId.checksDialog}
      onClose={onClose}
      footer={
        <>
          <span className="text-12 text-faint">
            {withCode('Run by `sh -c` in the session’s worktree, one after the other.')}
          </span>
          <span className="spacer" />
          <Button onClick={onClose}>Done</Button>
        </>
      }
    >
      <div className="dialog-body checks-dialog">
        {checks.length === 0 && editing === null ? (
          <EmptyState icon={ListChecks} title="No checks yet">
            A check is a command of the project, such as its tests. Only you define checks; agents may run them.
          </EmptyState>
        ) : null}
        <ol className="checks-edit-list" aria-label="Checks in their order">
          {checks.map((check, at) => (
            <li key={check.id} className="checks-edit-row" data-testid={testId.checkDefinition}>
              {editing?.id === check.id ? (
                <CheckFieldsForm initial={draftOf(check)} action="Save" onSave={save(check.id)} onCancel={close} />
              ) : (
                <Definition checks={checks} at={at} actions={actions} onEdit={() => setEditing({ id: check.id })} />
              )}
            </li>
          ))}
        </ol>
        {editing?.id === null ? (
          <CheckFieldsForm initial={emptyDraft} action="Add" onSave={save(null)} onCancel={close} />
        ) : (
          <div className="row">
            <Button icon={Plus} onClick={() => setEditing({ id: null })} data-testid={testId.checkNew}>
              New check
            </Button>
          </div>
        )}
        <Proposals projectId={projectId} checks={checks} onAdd={(proposal) => void actions.add(projectId, proposal)} />
      </div>
    </Dialog>
  )
}

interface DefinitionProps {
  readonly checks: readonly Check[]
  readonly at: number
  readonly actions: CheckActions
  readonly onEdit: () => void
}

const Definition = ({ checks, at, actions, onEdit }: DefinitionProps) => {
  const check = checks[at]
  if (check === undefined) return null
  const name = visibleLine(check.name)
  const move = (by: -1 | 1) => {
    const beforeId = beforeWhich(checks, at, by)
    if (beforeId !== undefined) void actions.move(check, beforeId)
  }
  return (
    <>
      <span className="column grow checks-edit-text">
        <span className="row">
          <span className="medium cut">{name}</span>
          {check.isGate ? <Tag>gate</Tag> : null}
        </span>
        <span className="mono text-12 text-quiet cut">{visibleLine(check.command)}</span>
      </span>
      <IconButton
        icon={ArrowUp}
        label={`Move ${name} up`}
        aria-disabled={at === 0 || undefined}
        onClick={() => move(-1)}
      />
      <IconButton
        icon={ArrowDown}
        label={`Move ${name} down`}
        aria-disabled={at === checks.length - 1 || undefined}
        onClick={() => move(1)}
      />
      <IconButton icon={Pencil} label={`Edit ${name}`} onClick={onEdit} />
      <IconButton icon={Trash2} label={`Remove ${name}`} onClick={() => void actions.remove(check)} />
    </>
  )
}

interface ProposalsProps {
  readonly projectId: ProjectId
  readonly checks: readonly Check[]
  readonly onAdd: (proposal: CheckProposal) => void
}

/** What the project's own files suggest; nothing runs before it is added. */
const Proposals = ({ projectId, checks, onAdd }: ProposalsProps) => {
  const proposals = useProposals(projectId, checks)
  if (proposals.length === 0) return null
  return (
    <section className="checks-proposals" aria-labelledby="checks-proposals">
      <h3 id="checks-proposals">Suggested by the last commit</h3>
      <ul aria-label="Suggested checks">
        {proposals.map((proposal) => (
          <li key={proposal.command} className="checks-edit-row" data-testid={testId.checkProposal}>
            <span className="column grow checks-edit-text">
              <span className="row">
                <span className="medium cut">{visibleLine(proposal.name)}</span>
                <span className="text-12 text-faint">{proposal.source}</span>
              </span>
              <span className="mono text-12 text-quiet cut">{visibleLine(proposal.command)}</span>
            </span>
            <Button
              size="small"
              icon={Plus}
              aria-label={`Add ${visibleLine(proposal.command)}`}
              onClick={() => onAdd(proposal)}
            >
              Add
            </Button>
          </li>
        ))}
      </ul>
    </section>
  )
}

/** Asked again when a check is added or removed; what cannot be read suggests nothing. */
const useProposals = (projectId: ProjectId, checks: readonly Check[]): readonly CheckProposal[] => {
  const api = useApi()
  const [known, setKnown] = useState<{ readonly stamp: string; readonly proposals: readonly CheckProposal[] } | null>(
    null,
  )
  const stamp = checks.map(({ name, command }) => `${name} ${command}`).join('\n')
  useEffect(() => {
    let isShown = true
    void settle(api.checks.proposals({ projectId })).then((read) => {
      if (isShown && read.ok) setKnown({ stamp, proposals: read.value })
    })
    return () => {
      isShown = false
    }
  }, [api, projectId, stamp])
  return known?.proposals ?? none
}

const none: readonly CheckProposal[] = []
