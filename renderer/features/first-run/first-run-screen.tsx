import './first-run-screen.css'
import { Copy, FolderGit2, FolderOpen, Keyboard, PackageOpen, RefreshCw, TriangleAlert } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import type { ProjectId } from '../../../shared/lib/ids.ts'
import { useAgents } from '../../data/agents.ts'
import { useData, useHostInfo } from '../../data/data-context.tsx'
import { useProject, useProjectIds } from '../../data/projects.ts'
import { settle } from '../../data/settle.ts'
import { copyText } from '../../lib/copy-text.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Note, Skeleton, withCode } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Kbd } from '../../ui/kbd.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { checksOf, reportText, type Check } from './checks.ts'
import { FirstSteps } from './first-steps.tsx'

interface FirstRunScreenProps {
  readonly keys: Readonly<Record<'openFolder' | 'newSession' | 'palette' | 'help', string | undefined>>
  readonly onOpenFolder: () => void
  readonly onSample: () => Promise<{ readonly message: string } | null>
  readonly onNewSession: () => void
  readonly onOpenProject: (id: ProjectId) => void
}

/** What is on this computer, a repository to open, and the few steps to a first session. */
export const FirstRunScreen = (props: FirstRunScreenProps) => {
  const projectIds = useProjectIds()
  const agents = useAgents()
  const isReady = agents.some((agent) => agent.availability.kind === 'found' && agent.id !== 'shell')
  return (
    <div className="first-run scroll" data-region data-testid={testId.firstRun}>
      <div className="first-run-main">
        <header>
          <h1>Run agents side by side</h1>
          <p className="first-run-lead">
            Each session gets its own Git worktree and branch, so nothing an agent does touches your checkout.
          </p>
        </header>
        <Computer />
        <Repositories {...props} projectIds={projectIds} />
      </div>
      <aside className="first-run-aside">
        <FirstSteps isReady={isReady} hasProject={projectIds.length > 0} newSessionKeys={props.keys.newSession} />
        <Note icon={Keyboard}>
          <p className="first-run-key">
            Every command <Kbd keys={props.keys.palette ?? ''} />
          </p>
          <p className="first-run-key">
            Every shortcut <Kbd keys={props.keys.help ?? ''} />
          </p>
        </Note>
      </aside>
    </div>
  )
}

const Computer = () => {
  const { api, hostInfo, stores } = useData()
  const notices = useNotices()
  const host = useHostInfo()
  const agents = useAgents()
  const { checkedAt, ms } = useStore(hostInfo.store)
  const [isChecking, setChecking] = useState(false)
  const checks = checksOf(host, agents)
  const checkAgain = async () => {
    setChecking(true)
    const [detected] = await Promise.all([settle(api.agents.detect()), hostInfo.refresh()])
    setChecking(false)
    if (detected.ok) stores.agents.put(detected.value)
    else notices.refuse(detected.refusal.message)
  }
  return (
    <section aria-label="This computer">
      <div className="first-run-heading">
        <h2>This computer</h2>
        {checkedAt === null ? null : (
          <span className="text-12 text-faint">
            checked <AgeAgo at={checkedAt} /> in {ms} ms
          </span>
        )}
        <span className="spacer" />
        <Button
          size="small"
          variant="ghost"
          icon={RefreshCw}
          isBusy={isChecking}
          data-testid={testId.checkAgain}
          onClick={() => void checkAgain()}
        >
          Check again
        </Button>
        <Button
          size="small"
          variant="ghost"
          icon={Copy}
          onClick={() =>
            void copyText(reportText(host, checks)).then((isCopied) => {
              if (!isCopied) notices.refuse('The browser did not let Switchyard copy the report.')
            })
          }
        >
          Copy report
        </Button>
      </div>
      <ul className="checks">
        {checks === null ? <CheckSkeleton /> : checks.map((check) => <CheckRow key={check.id} check={check} />)}
      </ul>
      <p className="first-run-hint">Nothing here stops you: without an agent of your own, the demo agent steps in.</p>
    </section>
  )
}

const CheckRow = ({ check }: { readonly check: Check }) => (
  <li className="check-row" data-testid={testId.checkRow} data-check={check.id} data-verdict={check.verdict}>
    <StatusMark kind={check.verdict === 'good' ? 'passed' : check.verdict === 'warning' ? 'needs-you' : 'idle'} />
    <span className="medium check-name">{check.name}</span>
    <span className="check-detail selectable">{withCode(visibleText(check.detail))}</span>
  </li>
)

const CheckSkeleton = () =>
  ['44%', '52%', '38%'].map((width) => (
    <li key={width} className="check-row">
      <Skeleton width={width} />
    </li>
  ))

const Repositories = (props: FirstRunScreenProps & { readonly projectIds: readonly ProjectId[] }) => {
  const [isBusy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const trySample = async () => {
    setBusy(true)
    const refusal = await props.onSample()
    setBusy(false)
    setProblem(refusal?.message ?? null)
  }
  return (
    <section aria-label="Open a repository">
      <div className="first-run-heading">
        <h2>Open a repository</h2>
      </div>
      <div className="row">
        <Button
          size="large"
          variant="primary"
          icon={FolderOpen}
          keys={props.keys.openFolder}
          data-region-focus
          data-testid={testId.openProject}
          onClick={props.onOpenFolder}
        >
          Open folder
        </Button>
        <Button
          size="large"
          variant="ghost"
          icon={PackageOpen}
          isBusy={isBusy}
          data-testid={testId.sampleProject}
          onClick={() => void trySample()}
        >
          Try the sample project
        </Button>
      </div>
      {problem === null ? null : (
        <div className="first-run-problem">
          <Note icon={TriangleAlert} tone="bad" role="alert">
            {visibleText(problem)}
          </Note>
        </div>
      )}
      {props.projectIds.length === 0 ? null : (
        <>
          <h3 className="first-run-subheading">Open already</h3>
          <ul className="first-run-projects">
            {props.projectIds.map((id) => (
              <ProjectRow key={id} id={id} onOpen={props.onOpenProject} />
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const ProjectRow = ({ id, onOpen }: { readonly id: ProjectId; readonly onOpen: (id: ProjectId) => void }) => {
  const project = useProject(id)
  return project === undefined ? null : (
    <li>
      <button type="button" className="first-run-project" onClick={() => onOpen(id)}>
        <Icon of={FolderGit2} />
        <span className="column grow">
          <span className="medium cut">{visibleLine(project.name)}</span>
          <span className="mono text-faint cut">{visibleLine(project.rootPath)}</span>
        </span>
        <span className="text-12 text-faint">{project.defaultBranch ?? 'no branch yet'}</span>
        <span className="text-12 text-faint first-run-when">
          <AgeAgo at={project.openedAt} />
        </span>
      </button>
    </li>
  )
}
