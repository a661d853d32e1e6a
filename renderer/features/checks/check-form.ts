import { checkFieldsSchema, usualTimeLimitMs, type Check, type CheckFields } from '../../../shared/contract/checks.ts'

/** As it is typed. */
export interface CheckDraft {
  readonly name: string
  readonly command: string
  readonly minutes: string
  readonly isGate: boolean
}

const minuteMs = 60_000

export const emptyDraft: CheckDraft = {
  name: '',
  command: '',
  minutes: String(usualTimeLimitMs / minuteMs),
  isGate: false,
}

export const draftOf = ({ name, command, timeLimitMs, isGate }: CheckFields): CheckDraft => ({
  name,
  command,
  // As many digits as it takes, and no more.
  minutes: String(Number((timeLimitMs / minuteMs).toFixed(3))),
  isGate,
})

export type DraftProblems = Partial<Readonly<Record<'name' | 'command' | 'minutes', string>>>

/** What is to be saved, or what is wrong with each field. */
export const readDraft = (
  draft: CheckDraft,
): { readonly fields: CheckFields } | { readonly problems: DraftProblems } => {
  const minutes = Number(draft.minutes.trim().replace(',', '.'))
  const isNumber = draft.minutes.trim() !== '' && Number.isFinite(minutes)
  const { name, command, isGate } = draft
  const read = checkFieldsSchema.safeParse({
    name,
    command,
    isGate,
    timeLimitMs: isNumber ? Math.round(minutes * minuteMs) : -1,
  })
  if (read.success) return { fields: read.data }
  const messageOf = (field: keyof CheckFields) => read.error.issues.find(({ path }) => path[0] === field)?.message
  const [nameProblem, commandProblem, timeProblem] = [messageOf('name'), messageOf('command'), messageOf('timeLimitMs')]
  return {
    problems: {
      ...(nameProblem === undefined ? {} : { name: nameProblem }),
      ...(commandProblem === undefined ? {} : { command: commandProblem }),
      ...(timeProblem === undefined ? {} : { minutes: isNumber ? timeProblem : 'Give a number of minutes.' }),
    },
  }
}

/** Before which a check comes when it is moved by one place; undefined where there is no further place. */
export const beforeWhich = (checks: readonly Check[], at: number, by: -1 | 1): Check['id'] | null | undefined => {
  if (by === -1) return checks[at - 1]?.id
  return at + 1 < checks.length ? (checks[at + 2]?.id ?? null) : undefined
}
