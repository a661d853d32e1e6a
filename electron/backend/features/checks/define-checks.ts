import type { Check, CheckFields } from '../../../../shared/contract/checks.ts'
import type { CheckId, ProjectId } from '../../../../shared/lib/ids.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import type { Identity } from '../../kernel/identity.ts'
import type { CommandContext } from '../../kernel/run-command.ts'
import type { ChecksDeps } from './checks-parts.ts'
import { judgeFields, placeBefore } from './checks-rules.ts'
import { findCheck, findRemovedCheck, listChecks, markCheckRemoved, putCheck } from './checks-store.ts'

type Deps = Pick<ChecksDeps, 'runCommand' | 'projects'>
type Taken = 'NAME_TAKEN' | 'TOO_MANY'

export interface DefineChecks {
  add(projectId: ProjectId, fields: CheckFields, by: Identity): Promise<Result<Check, 'NOT_FOUND' | Taken>>
  update(id: CheckId, fields: CheckFields, by: Identity): Promise<Result<Check, 'NOT_FOUND' | 'NAME_TAKEN'>>
  move(id: CheckId, beforeId: CheckId | null, by: Identity): Promise<Result<Check, 'NOT_FOUND'>>
  remove(id: CheckId, by: Identity): Promise<Result<undefined, 'NOT_FOUND'>>
  /** Brings back one that was removed. */
  restore(id: CheckId, by: Identity): Promise<Result<Check, 'NOT_FOUND' | Taken>>
}

/** Checks are the person's: they are commands, and what defines them can run anything. */
export const createDefineChecks = ({ runCommand, projects }: Deps): DefineChecks => ({
  add: (projectId, fields, by) =>
    runCommand<Check, 'NOT_FOUND' | Taken>({ name: 'add-check', by }, async (context) => {
      const { tx, now, newId } = context
      if (!(await projects.find(tx, projectId)))
        return refuse('NOT_FOUND', 'This project is not in the list any more. Open it again.')
      const others = await listChecks(tx, projectId)
      const refusal = judgeFields(others, fields)
      if (refusal) return refusal
      const position = (others.at(-1)?.position ?? 0) + 1
      return ok(await save(context, { ...fields, id: newId('chx'), projectId, position, createdAt: now }))
    }),
  update: (id, fields, by) =>
    runCommand<Check, 'NOT_FOUND' | 'NAME_TAKEN'>({ name: 'update-check', by }, async (context) => {
      const check = await findCheck(context.tx, id)
      if (!check) return gone()
      const others = (await listChecks(context.tx, check.projectId)).filter((other) => other.id !== id)
      const refusal = judgeFields(others, fields)
      if (refusal && !refusal.ok) return refuse('NAME_TAKEN', refusal.refusal.message)
      return ok(await save(context, { ...check, ...fields }))
    }),
  move: (id, beforeId, by) =>
    runCommand<Check, 'NOT_FOUND'>({ name: 'move-check', by }, async (context) => {
      const check = await findCheck(context.tx, id)
      if (!check) return gone()
      const checks = await listChecks(context.tx, check.projectId)
      const byId = new Map(checks.map((one) => [one.id, one]))
      for (const place of placeBefore(checks, id, beforeId)) {
        const one = byId.get(place.id)
        if (one) await save(context, { ...one, position: place.position })
      }
      return ok((await findCheck(context.tx, id)) ?? check)
    }),
  remove: (id, by) =>
    runCommand<undefined, 'NOT_FOUND'>({ name: 'remove-check', by }, async ({ tx, now, emit }) => {
      const check = await findCheck(tx, id)
      if (!check) return gone()
      await markCheckRemoved(tx, id, now)
      await emit('checks.removed', id, { id, projectId: check.projectId, name: check.name })
      return ok(undefined)
    }),
  restore: (id, by) =>
    runCommand<Check, 'NOT_FOUND' | Taken>({ name: 'restore-check', by }, async (context) => {
      const known = await findCheck(context.tx, id)
      if (known) return ok(known)
      const removed = await findRemovedCheck(context.tx, id)
      if (!removed) return gone()
      return judgeFields(await listChecks(context.tx, removed.projectId), removed) ?? ok(await save(context, removed))
    }),
})

const save = async ({ tx, emit }: CommandContext, check: Check): Promise<Check> => {
  await putCheck(tx, check)
  await emit('checks.changed', check.id, check)
  return check
}

const gone = (): Result<never, 'NOT_FOUND'> =>
  refuse('NOT_FOUND', 'This check is not there any more. Look at the list again.')
