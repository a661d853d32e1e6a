import type { WorktreeId } from '../lib/ids.ts'
import { quoted, sessionObject, type EventNames, type EventOf, type EventWords } from './logged-event.ts'

export const pushWords = ({ payload }: EventOf<'pushes.recorded'>, names: EventNames): EventWords => {
  const { branch, remote, sha, replaced, worktreeId } = payload
  const what = `pushed ${branch} to ${remote} at ${sha.slice(0, 8)}`
  const reason = replaced === null ? null : `It took the place of ${replaced.slice(0, 8)}`
  return { what, reason, object: objectOf(worktreeId, names) }
}

/** That it was made, and that it was merged; how it stands in between is seen in its review. */
export const pullRequestWords = (
  { payload: pull, command }: EventOf<'pullrequests.changed'>,
  names: EventNames,
): EventWords | null => {
  const name = `${pull.forge === 'github' ? 'pull' : 'merge'} request ${pull.repository}#${pull.number}`
  const object = objectOf(pull.worktreeId, names)
  switch (command) {
    case 'create-pull-request':
      return { what: `made the ${name} ${quoted(pull.title)}`, reason: pull.url, object }
    case 'note-merged-pull-request':
      return { what: `saw that the ${name} was merged into ${pull.base}`, reason: pull.url, object }
    case 'give-comments':
      return { what: `gave comments of the ${name} to its agent`, object }
    default:
      return null
  }
}

const objectOf = (worktreeId: WorktreeId, names: EventNames) => {
  const session = names.sessionOfWorktree(worktreeId)
  return session === undefined ? null : sessionObject(session, names)
}
