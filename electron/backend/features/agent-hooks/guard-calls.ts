import type { GuardAnswer, GuardHook } from '../../adapters/agents/guard-hook-rules.ts'
import { inertLine } from '../../../../shared/lib/inert-text.ts'
import type { TokenHolder } from '../sessions/sessions-service.ts'
import { judgeCommand } from './command-guard-rules.ts'
import type { HooksDeps } from './hook-parts.ts'
import { createPlaceIndex, realPathOf } from './place-index.ts'
import { otherAt, pathInRepository, refusal, resolvePath, type Places } from './places-rules.ts'

/** An agent waits for this answer before each of its calls; a guard that is slower than this has to let it pass. */
const longestCheckMs = 1500

/** Long enough for whose it is and what to do. */
const longestSaid = 1500

interface Judged {
  readonly answer: GuardAnswer
  /** What a refusal is kept as; null where nothing was refused. */
  readonly code: 'HELD' | 'NOT_YOURS' | null
  /** The files of an edit as they really are; none of one that was not judged to its end. */
  readonly files: readonly EditedFile[]
}

const nothing: Judged = { answer: { kind: 'nothing' }, code: null, files: [] }
const refused = (code: 'HELD' | 'NOT_YOURS', text: string): Judged => ({
  // Titles, branches and targets are by other agents.
  answer: { kind: 'refusal', text: inertLine(text, longestSaid) },
  code,
  files: [],
})

export type GuardedHook = Extract<GuardHook, { kind: 'edit-begins' | 'command-begins' }>

/** Judges what an agent is about to do. It never keeps an agent from working: what cannot be judged passes, and is counted. */
export const createGuard = (deps: HooksDeps) => {
  const places = createPlaceIndex(deps)

  const judge = async (holder: TokenHolder, hook: GuardedHook): Promise<Judged> => {
    const at = await places.placesOf(holder.sessionId)
    if (!at) return nothing
    if (hook.kind === 'edit-begins') return judgeEdit(deps, holder, { at, hook })
    const variables = new Map([
      ['HOME', at.home],
      ['PWD', hook.cwd],
      ['SWITCHYARD_WORKTREE', at.own.path],
      ...at.others.flatMap(({ path, owner }) =>
        owner.startsWith('the person') ? [['SWITCHYARD_ROOT', path] as const] : [],
      ),
    ])
    const reason = judgeCommand(hook.command, { cwd: hook.cwd || at.own.path, places: at, variables })
    return reason === null ? nothing : refused('NOT_YOURS', reason)
  }

  return {
    follow: places.follow,
    placesOf: places.placesOf,
    /** `isChecked` is false when the call passed because nobody could judge it. */
    check: async (holder: TokenHolder, hook: GuardedHook): Promise<Judged & { isChecked: boolean }> => {
      const { promise: tooLate, resolve } = Promise.withResolvers<null>()
      const timer = setTimeout(() => resolve(null), longestCheckMs)
      const judged = await Promise.race([judge(holder, hook), tooLate])
        .catch((error: unknown) => {
          deps.log.error({ err: error, session: holder.sessionId }, 'a call was not judged and passed')
          return null
        })
        .finally(() => clearTimeout(timer))
      return { ...(judged ?? nothing), isChecked: judged !== null }
    },
  }
}

export interface EditedFile {
  readonly path: string
  /** As the agent named it. */
  readonly shown: string
}

interface Edit {
  readonly at: Places
  readonly hook: Extract<GuardHook, { kind: 'edit-begins' | 'edit-ended' }>
}

const judgeEdit = async (deps: HooksDeps, { sessionId }: TokenHolder, edit: Edit): Promise<Judged> => {
  const warnings: string[] = []
  const files = await findEditedFiles(edit)
  for (const { path, shown } of files) {
    const other = otherAt(edit.at, path)
    if (other) return refused('NOT_YOURS', refusal(edit.at, `${shown} lies in`, other))
    const inRepository = pathInRepository(edit.at, path)
    if (inRepository === null) continue
    const check = await deps.leases.checkEdit(sessionId, inRepository)
    if (check.kind === 'refused') return refused('HELD', check.message)
    if (check.kind === 'warn') warnings.push(inertLine(check.message, longestSaid))
  }
  if (warnings.length === 0) return { ...nothing, files }
  return { answer: { kind: 'context', text: warnings.join('\n') }, code: null, files }
}

/** The files as they really are, behind whatever links lead there. */
export const findEditedFiles = ({ at, hook }: Edit): Promise<readonly EditedFile[]> =>
  Promise.all(
    hook.paths.map(async (shown) => {
      const path = resolvePath(hook.cwd || at.own.path, shown, at.home) ?? shown
      return { path: await realPathOf(path), shown }
    }),
  )
