import type { z } from 'zod'
import { gateVerbs } from './gate-verbs.ts'
import { leaseVerbs } from './lease-verbs.ts'
import { mailVerbs } from './mail-verbs.ts'
import { mergeVerbs } from './merge-verbs.ts'
import { sessionVerbs } from './session-verbs.ts'
import { attemptVerbs, taskVerbs } from './task-verbs.ts'
import type { Verb } from './verb.ts'

/**
 * Every verb by its name, which is its path at the gateway (`POST /verb/tasks.list`) and, with spaces for the dots, its
 * command (`switchyard tasks list`).
 */
export const verbs = {
  ...sessionVerbs,
  ...taskVerbs,
  ...attemptVerbs,
  ...leaseVerbs,
  ...mailVerbs,
  ...gateVerbs,
  ...mergeVerbs,
} as const satisfies Readonly<Record<string, Verb>>

export type VerbName = keyof typeof verbs
/** As it is given. */
export type VerbArguments<Name extends VerbName> = z.input<(typeof verbs)[Name]['input']>
/** As it is read, with what was left out filled in. */
export type VerbInput<Name extends VerbName> = z.output<(typeof verbs)[Name]['input']>
export type VerbOutput<Name extends VerbName> = z.output<(typeof verbs)[Name]['output']>

export const verbNames = Object.keys(verbs) as readonly VerbName[]

export const isVerbName = (name: string): name is VerbName => Object.hasOwn(verbs, name)
