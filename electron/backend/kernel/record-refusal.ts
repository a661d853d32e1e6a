import type { Refusal } from '../../../shared/lib/result.ts'
import { ok } from '../../../shared/lib/result.ts'
import type { Identity } from './identity.ts'
import type { Log } from './log.ts'
import { isRecorded, markRecorded } from './recorded-refusals.ts'
import type { RunCommand } from './run-command.ts'

export interface Tried {
  readonly by: Identity
  /** What was tried, as commands or verbs are called. */
  readonly command: string
  /** The id of what it is kept under. */
  readonly subject: string
}

/** More of what somebody sent is neither said back nor kept. */
export const longestEchoed = 100
const longestMessage = 2000

/**
 * Writes down who was refused what, unless the command that refused it has done so. It never fails: that something was
 * refused stands, whether it could be written down or not.
 */
export const recordRefusal = async (
  { runCommand, log }: { readonly runCommand: RunCommand; readonly log: Log },
  { by, command, subject }: Tried,
  refusal: Refusal,
): Promise<void> => {
  if (isRecorded(refusal)) return
  markRecorded(refusal)
  const { code, message } = refusal
  const kept = {
    subject,
    command: command.slice(0, longestEchoed),
    by: `${by.kind}:${by.id}`,
    code,
    message: message.slice(0, longestMessage),
  }
  await runCommand({ name: 'record-refusal', by }, async ({ emit }) =>
    ok(await emit('refusals.recorded', subject, kept)),
  ).catch((error: unknown) => log.error({ err: error, tried: kept.command }, 'a refusal was not recorded'))
}
