import { Archive } from 'lucide-react'
import type { Session } from '../../../shared/contract/sessions.ts'
import type { SessionId } from '../../../shared/lib/ids.ts'
import { visibleLine } from '../../../shared/lib/visible-text.ts'
import { useData } from '../../data/data-context.tsx'
import { useSessionValue } from '../../data/sessions.ts'
import { settle } from '../../data/settle.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { Button } from '../../ui/button.tsx'

/** What is left to do with a session whose work has landed. Its worktree and branch stay until it is deleted. */
export const ArchiveButton = ({ sessionId }: { readonly sessionId: SessionId }) => {
  const { api, stores } = useData()
  const notices = useNotices()
  const title = useSessionValue(sessionId, (session) => session.title)
  const lifecycle = useSessionValue(sessionId, (session) => session.lifecycle)
  if (title === undefined || lifecycle === 'archived') return null
  const change = async (call: Promise<Session>): Promise<boolean> => {
    const result = await settle(call)
    if (result.ok) stores.sessions.put([result.value])
    else notices.refuse(result.refusal.message)
    return result.ok
  }
  const archive = async () => {
    if (!(await change(api.sessions.archive({ sessionId })))) return
    notices.show({
      icon: Archive,
      text: `Archived ${visibleLine(title)}. Its worktree and branch stay.`,
      action: { label: 'Undo', run: () => void change(api.sessions.unarchive({ sessionId })) },
    })
  }
  return (
    <Button icon={Archive} onClick={() => void archive()} data-testid={testId.mergeArchive}>
      Archive session
    </Button>
  )
}
