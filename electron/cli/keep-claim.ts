import { readFile } from 'node:fs/promises'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'

export interface KeepClaim {
  readonly claim: { readonly task: string; readonly epoch: number }
  /** What is written here becomes a checkpoint. */
  readonly checkpointFile: string
  readonly ask: (name: 'renew' | 'checkpoint', input: object) => Promise<VerbAnswer>
  /** Told once, when somebody else has the task or it has ended. */
  readonly onLost: (message: string) => void
}

export interface KeptClaim {
  isLost(): boolean
  lastCheckpoint(): string | null
  /** Looks for a last checkpoint and stops. */
  end(): Promise<void>
}

/** A claim lapses after two minutes without a sign; four may be lost in a row. */
const renewMs = 25_000
const lookMs = 500
const longestCheckpoint = 32_000

/** Renews a claim and takes checkpoints, until it is ended or lost. */
export const keepClaim = ({ claim, checkpointFile, ask, onLost }: KeepClaim): KeptClaim => {
  let isLost = false
  let taken: string | null = null
  let busy: Promise<void> = Promise.resolve()

  const judge = (asked: VerbAnswer) => {
    // An app that is away decides nothing: it is asked again.
    if (asked.ok || asked.refusal.code === 'UNAVAILABLE' || asked.refusal.code === 'INTERNAL') return
    if (!isLost) onLost(asked.refusal.message)
    isLost = true
  }
  const renew = async () => {
    if (!isLost) judge(await ask('renew', claim))
  }
  const look = async () => {
    const text = (await readFile(checkpointFile, 'utf8').catch(() => '')).trim().slice(0, longestCheckpoint)
    if (isLost || text === '' || text === taken) return
    const asked = await ask('checkpoint', { ...claim, summary: text })
    if (asked.ok) taken = text
    else judge(asked)
  }
  // One after the other: a renewal never overtakes a checkpoint.
  const inTurn = (work: () => Promise<void>) => () => void (busy = busy.then(work))
  const timers = [setInterval(inTurn(look), lookMs), setInterval(inTurn(renew), renewMs)]
  inTurn(renew)()
  return {
    isLost: () => isLost,
    lastCheckpoint: () => taken,
    end: async () => {
      for (const timer of timers) clearInterval(timer)
      inTurn(look)()
      await busy
    },
  }
}
