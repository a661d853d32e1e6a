import { z } from 'zod'
import type { Verb } from '../../shared/agent-verbs/verb.ts'

/** One input of a verb as it is given on a command line. */
export interface Flag {
  /** As the verb calls it. */
  readonly key: string
  /** As it is typed, without the dashes. */
  readonly name: string
  readonly type: 'switch' | 'text' | 'number'
  readonly isList: boolean
  readonly isNullable: boolean
  readonly isRequired: boolean
  readonly choices: readonly string[] | null
  readonly description: string
  /** What is used when it is left out, in words; null when that is nothing. */
  readonly fallback: string | null
}

interface JsonSchema {
  readonly type?: string
  readonly anyOf?: readonly JsonSchema[]
  readonly items?: JsonSchema
  readonly enum?: readonly unknown[]
  readonly description?: string
  readonly default?: unknown
}

/** The flags of a verb, read off its input. */
export const flagsOf = (verb: Verb): readonly Flag[] => {
  const { properties = {}, required = [] } = z.toJSONSchema(verb.input, { io: 'input', unrepresentable: 'any' }) as {
    properties?: Record<string, JsonSchema>
    required?: readonly string[]
  }
  return Object.entries(properties).map(([key, schema]) => flagOf(key, schema, required.includes(key)))
}

const flagOf = (key: string, schema: JsonSchema, isRequired: boolean): Flag => {
  const options = schema.anyOf ?? [schema]
  const whole = options.find(({ type }) => type !== 'null') ?? schema
  const isList = whole.type === 'array'
  const one = isList ? (whole.items ?? {}) : whole
  return {
    key,
    name: key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`),
    type: typeOf(one),
    isList,
    isNullable: options.length > 1 && options.some(({ type }) => type === 'null'),
    isRequired,
    choices: one.enum?.map(String) ?? null,
    description: schema.description ?? whole.description ?? '',
    fallback: inWords(schema.default),
  }
}

const typeOf = ({ type }: JsonSchema): Flag['type'] => {
  if (type === 'boolean') return 'switch'
  return type === 'integer' || type === 'number' ? 'number' : 'text'
}

const inWords = (value: unknown): string | null => {
  const isNothing = value === undefined || value === null || value === '' || value === false
  return isNothing || (Array.isArray(value) && value.length === 0)
    ? null
    : typeof value === 'string'
      ? value
      : JSON.stringify(value)
}
