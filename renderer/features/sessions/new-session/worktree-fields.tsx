import { Folder, GitBranch, TriangleAlert } from 'lucide-react'
import type { Project } from '../../../../shared/contract/projects.ts'
import { longAge } from '../../../lib/time.ts'
import { testId } from '../../../lib/test-ids.ts'
import { visibleLine } from '../../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../../ui/age.tsx'
import { Note } from '../../../ui/bits.tsx'
import { Field } from '../../../ui/field.tsx'
import { Picker } from '../../../ui/picker.tsx'
import { isWholePath, type PickerOption } from '../../../ui/picker-entries.ts'
import { Segmented } from '../../../ui/segmented.tsx'
import { problemAt, type FieldProps } from './field-props.ts'
import { slugOf, titleFromPrompt, type Branch, type WorktreeKind } from './new-session-rules.ts'
import type { BaseState } from './use-repository.ts'

interface WorktreeFieldsProps extends FieldProps {
  readonly project: Project | undefined
  readonly branches: readonly Branch[]
  readonly base: BaseState
}

const kinds: readonly { readonly value: WorktreeKind; readonly label: string }[] = [
  { value: 'new-branch', label: 'New branch' },
  { value: 'existing-branch', label: 'Existing branch' },
  { value: 'existing-worktree', label: 'Existing worktree' },
  { value: 'in-place', label: 'In place' },
]

/** Where the agent works. */
export const WorktreeFields = (props: WorktreeFieldsProps) => (
  <div className="column new-session-worktree">
    <span className="field-label">Worktree</span>
    <Segmented
      label="Worktree"
      isStretched
      value={props.draft.worktreeKind}
      options={kinds}
      testId={testId.newSessionWorktree}
      onChange={(worktreeKind) => props.onChange({ worktreeKind })}
    />
    <KindFields {...props} />
  </div>
)

const KindFields = (props: WorktreeFieldsProps) => {
  switch (props.draft.worktreeKind) {
    case 'new-branch':
      return <NewBranch {...props} />
    case 'existing-branch':
      return <ExistingBranch {...props} />
    case 'existing-worktree':
      return <ExistingWorktree {...props} />
    default:
      return (
        <Note icon={TriangleAlert} tone="warn">
          <b>In place.</b> The agent edits your checkout at{' '}
          <span className="mono">{visibleLine(props.project?.rootPath ?? '')}</span>. There is no worktree to throw
          away, and two sessions in place disturb one another.
        </Note>
      )
  }
}

const NewBranch = ({ draft, problem, onChange, branches, base }: WorktreeFieldsProps) => {
  const slug = slugOf(draft.title.trim() === '' ? titleFromPrompt(draft.prompt) : draft.title)
  return (
    <div className="new-session-grid">
      <Field
        label="Base"
        hint={<BaseHint base={base} />}
        error={problemAt(problem, 'base') ?? (base.kind === 'refused' ? base.message : null)}
        errorTestId={testId.newSessionError}
      >
        {(control) => (
          <Picker
            control={control}
            icon={GitBranch}
            value={draft.baseRef === '' ? (base.kind === 'ready' ? base.base.ref : null) : draft.baseRef}
            options={branches.map((branch) => branchOption(branch, branch.ref))}
            placeholder="A branch, tag or commit"
            emptyText="No branch is called that."
            placeCustom={() => 'last'}
            shown={<BaseName draftRef={draft.baseRef} base={base} branches={branches} />}
            testId={testId.newSessionBase}
            onChange={(baseRef) => onChange({ baseRef })}
          />
        )}
      </Field>
      <Field
        label="Branch"
        hint={draft.branch === '' ? 'From the title. Type to choose your own.' : 'Your own name.'}
        error={problemAt(problem, 'branch')}
        errorTestId={testId.newSessionError}
      >
        {(control) => (
          <input
            {...control}
            className="input"
            spellCheck={false}
            autoComplete="off"
            placeholder={slug === '' ? 'switchyard/…' : `switchyard/${slug}`}
            data-testid={testId.newSessionBranch}
            value={draft.branch}
            onChange={(event) => onChange({ branch: event.target.value })}
          />
        )}
      </Field>
    </div>
  )
}

const ExistingBranch = ({ draft, problem, onChange, branches }: WorktreeFieldsProps) => (
  <Field
    label="Branch"
    hint="It is checked out in a worktree of its own."
    error={problemAt(problem, 'existingBranch')}
    errorTestId={testId.newSessionError}
  >
    {(control) => (
      <Picker
        control={control}
        icon={GitBranch}
        value={draft.existingBranch === '' ? null : draft.existingBranch}
        options={branches.map((branch) => ({
          ...branchOption(branch, branch.name),
          disabledReason: branch.checkedOutAt === null ? undefined : 'checked out elsewhere',
        }))}
        placeholder="Choose a branch"
        emptyText="No branch is called that."
        testId={testId.newSessionBase}
        onChange={(existingBranch) => onChange({ existingBranch })}
      />
    )}
  </Field>
)

const ExistingWorktree = ({ draft, problem, onChange, branches, project }: WorktreeFieldsProps) => (
  <Field
    label="Worktree"
    hint="A worktree of this repository that is there already. It stays when the session is deleted."
    error={problemAt(problem, 'existingPath')}
    errorTestId={testId.newSessionError}
  >
    {(control) => (
      <Picker
        control={control}
        icon={Folder}
        value={draft.existingPath === '' ? null : draft.existingPath}
        options={branches.flatMap((branch) =>
          branch.checkedOutAt === null || branch.checkedOutAt === project?.rootPath
            ? []
            : [{ value: branch.checkedOutAt, label: branch.checkedOutAt, detail: branch.name }],
        )}
        placeholder="Choose a worktree, or type its path"
        emptyText="No other worktree is known. Type the path of one."
        placeCustom={(typed) => (isWholePath(typed) ? 'first' : 'last')}
        testId={testId.newSessionBase}
        onChange={(existingPath) => onChange({ existingPath })}
      />
    )}
  </Field>
)

const branchOption = (branch: Branch, value: string): PickerOption => ({
  value,
  label: visibleLine(branch.name),
  detail: longAge(branch.committedAt, Date.now()),
  group: branch.kind === 'local' ? 'On this computer' : 'Remote',
})

const BaseName = ({ draftRef, base, branches }: { draftRef: string; base: BaseState; branches: readonly Branch[] }) => {
  const ref = base.kind === 'ready' ? base.base.ref : draftRef
  const name = branches.find((branch) => branch.ref === ref)?.name ?? ref.replace(/^refs\/(heads|remotes|tags)\//, '')
  if (name === '') return <span className="text-faint">Looking for the newest…</span>
  return (
    <>
      {visibleLine(name)}{' '}
      {base.kind === 'ready' ? <span className="mono text-faint">{base.base.sha.slice(0, 7)}</span> : null}
    </>
  )
}

const BaseHint = ({ base }: { readonly base: BaseState }) => {
  if (base.kind === 'fetching') return 'Fetching…'
  if (base.kind === 'refused') return null
  if (base.base.note !== null) return visibleLine(base.base.note)
  return base.base.fetchedAt === null ? (
    'Local: it has no remote.'
  ) : (
    <>
      Fetched <AgeAgo at={base.base.fetchedAt} />
    </>
  )
}
