import './helpers.css'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { useHelpers, type Helper } from '../../data/helpers.ts'
import { useSessionValue } from '../../data/sessions.ts'
import { testId } from '../../lib/test-ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { StatusMark } from '../../ui/status-mark.tsx'
import { helperStates, taskLine } from './helper-words.ts'

/** More are counted: a list of sessions is not to become a list of helpers. */
const mostDrawn = 8

/**
 * The helpers beneath a session that has a team. Those of others come and go by the second and would make the list jump:
 * they are behind the button above the terminal, where all of this can also be read aloud.
 */
export const HelpersTree = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const isDrawn = useSessionValue(sessionId, (session) => session.usesTeams && session.runtime.kind === 'alive')
  return isDrawn === true ? <Tree sessionId={sessionId} /> : null
}

const Tree = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const living = useHelpers(sessionId).filter(({ state }) => state !== 'ended')
  if (!living.some(({ kind }) => kind === 'teammate')) return null
  return (
    <div className="helpers-tree" aria-hidden="true" data-testid={testId.helpersTree}>
      {living.slice(0, mostDrawn).map((helper) => (
        <Line key={helper.key} helper={helper} />
      ))}
      {living.length > mostDrawn ? <div className="helpers-tree-line">and {living.length - mostDrawn} more</div> : null}
    </div>
  )
}

const Line = ({ helper }: { readonly helper: Helper }) => {
  const { word, mark } = helperStates[helper.state]
  return (
    <div className="helpers-tree-line">
      <StatusMark kind={mark} />
      <span className="cut helpers-tree-name">{visibleLine(helper.name)}</span>
      <span className="cut">{taskLine(helper.task) ?? word}</span>
    </div>
  )
}
