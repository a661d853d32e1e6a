import { ChecksDialog } from '../features/checks/checks-dialog.tsx'
import { OutputDialog } from '../features/checks/output-dialog.tsx'
import { OpenProjectDialog } from '../features/projects/open-project-dialog.tsx'
import { NewSessionDialog } from '../features/sessions/new-session/new-session-dialog.tsx'
import { SettingsDialog } from '../features/settings/settings-dialog.tsx'
import { useActions, useOpenDialog } from './app-context.tsx'
import { Help } from './help.tsx'
import { Palette } from './palette.tsx'

/** The dialog that is open, if any. */
export const DialogHost = () => {
  const dialog = useOpenDialog()
  const actions = useActions()
  switch (dialog.kind) {
    case 'new-session':
      return (
        <NewSessionDialog
          // A form of its own per project: each keeps its own draft.
          key={dialog.projectId}
          projectId={dialog.projectId}
          initialDraft={dialog.draft}
          task={dialog.task}
          onProject={(projectId) => actions.open({ kind: 'new-session', projectId, draft: null, task: null })}
          onClose={actions.closeDialog}
          onStarted={actions.started}
        />
      )
    case 'open-project':
      return (
        <OpenProjectDialog
          initialPath={dialog.path}
          initialProblem={dialog.problem}
          onClose={actions.closeDialog}
          onOpen={actions.openFolder}
          onSample={actions.openSample}
        />
      )
    case 'palette':
      return <Palette />
    case 'help':
      return <Help />
    case 'settings':
      return <SettingsDialog onChange={actions.appear} onClose={actions.closeDialog} />
    case 'checks':
      return <ChecksDialog projectId={dialog.projectId} onClose={actions.closeDialog} />
    case 'check-output':
      return <OutputDialog run={dialog.run} onClose={actions.closeDialog} />
    default:
      return null
  }
}
