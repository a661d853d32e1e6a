import { parseArgs } from 'node:util'
import type { Verb } from '../../shared/agent-verbs/verb.ts'
import { isVerbName, verbNames, verbs, type VerbName } from '../../shared/agent-verbs/verbs.ts'
import { idempotencyKeySchema } from '../../shared/agent-verbs/verb-answer.ts'
import { nearestName } from './nearest-name.ts'
import { isOwnName, ownNames, type OwnName } from './own-commands.ts'
import { flagsOf, type Flag } from './verb-flags.ts'

/** What a command line asks for. */
export type Command =
  | { readonly kind: 'help'; readonly topic: VerbName | OwnName | null; readonly group: string | null }
  | { readonly kind: 'version' }
  | { readonly kind: 'own'; readonly name: OwnName; readonly args: readonly string[] }
  | VerbCommand
  | Mistake

export interface Mistake {
  readonly kind: 'mistake'
  readonly message: string
  readonly isJson: boolean
  /** The verb that was meant, and how; null where that is not known. */
  readonly meant: { readonly name: VerbName; readonly words: string } | null
}

export interface VerbCommand {
  readonly kind: 'verb'
  readonly name: VerbName
  /** As given; only what a command line can know is checked. */
  readonly input: Readonly<Record<string, unknown>>
  /** The input that is to be read from standard input. */
  readonly fromStdin: string | null
  readonly isJson: boolean
  /** The same one for a repeat, which then gets the first one's answer. */
  readonly requestId: string | null
}

/** Of every verb; a verb has no input of these names. */
export const commonFlags = ['json', 'help', 'request-id'] as const

export const commandOf = (name: VerbName): string => name.replaceAll('.', ' ')

/** Reads a command line (without the program's own name). */
export const readCommand = (argv: readonly string[]): Command => {
  const isJson = argv[0] === '--json'
  const args = isJson ? argv.slice(1) : argv
  const [first, second] = args
  if (first === undefined || first === 'help' || first === '--help' || first === '-h')
    return helpOn(first === undefined ? [] : args.slice(1))
  if (first === '--version') return { kind: 'version' }
  if (isOwnName(first))
    return args[1] === '--help' ? helpOn([first]) : { kind: 'own', name: first, args: args.slice(1) }
  const pair = `${first}.${second}`
  if (isVerbName(pair)) return readVerb(pair, args.slice(2), isJson)
  if (isVerbName(first)) return readVerb(first, args.slice(1), isJson)
  if ((second === '--help' || second === '-h') && isGroup(first)) return { kind: 'help', topic: null, group: first }
  const asJson = isJson || args.includes('--json')
  return { kind: 'mistake', message: unknownName(first, second), isJson: asJson, meant: null }
}

const helpOn = ([first, second]: readonly string[]): Command => {
  const none = { kind: 'help', topic: null, group: null } as const
  if (first === undefined) return none
  const names = [`${first}.${second}`, first]
  const topic = names.find((name): name is VerbName | OwnName => isVerbName(name) || isOwnName(name))
  if (topic) return { kind: 'help', topic, group: null }
  return isGroup(first)
    ? { kind: 'help', topic: null, group: first }
    : { kind: 'mistake', message: unknownName(first, second), isJson: false, meant: null }
}

const isGroup = (word: string) => verbNames.some((name) => name.startsWith(`${word}.`))

const unknownName = (first: string, second: string | undefined): string => {
  const word = second === undefined || second.startsWith('-') ? '' : ` ${second}`
  if (isGroup(first)) {
    const own = verbNames.filter((name) => name.startsWith(`${first}.`)).map(commandOf)
    const near = word && nearestName(`${first}${word}`, own)
    return near
      ? `There is no "${first}${word}". Did you mean "${near}"?`
      : `"${first}" needs one of these after it: ${own.map((name) => name.slice(first.length + 1)).join(', ')}.`
  }
  const names = [...verbNames.map(commandOf), ...ownNames]
  const near = nearestName(`${first}${word}`, names) ?? nearestName(first, names)
  const hint = near ? `Did you mean "${near}"?` : '"switchyard help" lists all there is.'
  return `There is no "${first}${near?.includes(' ') ? word : ''}". ${hint}`
}

type Token = { kind: string; name?: string; value?: string | undefined; inlineValue?: boolean | undefined }

const readVerb = (name: VerbName, args: readonly string[], asJson: boolean): Command => {
  const verb: Verb = verbs[name]
  const flags = flagsOf(verb)
  const { tokens } = parseArgs({
    args: [...args],
    strict: false,
    tokens: true,
    allowPositionals: true,
    options: Object.fromEntries([
      ...flags.map((flag) => [flag.name, { type: flag.type === 'switch' ? 'boolean' : 'string' }] as const),
      ['json', { type: 'boolean' }],
      ['help', { type: 'boolean', short: 'h' }],
      ['request-id', { type: 'string' }],
    ]),
  }) as { tokens: Token[] }
  const options = tokens.filter(({ kind }) => kind === 'option')
  const isJson = asJson || options.some((option) => option.name === 'json')
  if (options.some((option) => option.name === 'help')) return { kind: 'help', topic: name, group: null }
  const mistake = (message: string): Command => ({
    kind: 'mistake',
    message,
    isJson,
    meant: { name, words: args.join(' ') },
  })

  const requestId = options.find((option) => option.name === 'request-id')?.value ?? null
  if (requestId !== null && !idempotencyKeySchema.safeParse(requestId).success)
    return mistake('--request-id needs 8 to 64 letters, digits, ":", "." or "-".')
  const strange = options.map((option) => option.name ?? '').find((one) => !isKnown(flags, one))
  if (strange !== undefined) return mistake(unknownFlag(flags, strange))
  const words = tokens.filter(({ kind }) => kind === 'positional').map(({ value }) => value ?? '')
  const given = placeWords(freePlaces(verb, flags, { options, words }), flags, words)
  if (typeof given === 'string') return mistake(`${given} See "switchyard ${commandOf(name)} --help".`)
  for (const option of options) {
    if (option.name === 'json' || option.name === 'request-id') continue
    const problem = takeOption(given, flags, option)
    if (problem) return mistake(problem)
  }
  const { fromStdin } = verb.command
  const readsStdin = fromStdin !== null && given.get(fromStdin)?.[0] === '-'
  const read = readValues(flags, given)
  if (typeof read === 'string') return mistake(read)
  return { kind: 'verb', name, input: read, fromStdin: readsStdin ? fromStdin : null, isJson, requestId }
}

const isKnown = (flags: readonly Flag[], name: string) =>
  [...flags.map((flag) => flag.name), ...commonFlags].includes(name) ||
  flags.some((flag) => flag.type === 'switch' && name === `no-${flag.name}`)

const unknownFlag = (flags: readonly Flag[], name: string): string => {
  const near = nearestName(name, [...flags.map((flag) => flag.name), ...commonFlags])
  return `There is no --${name} here. ${near ? `Did you mean --${near}?` : 'See --help.'}`
}

type Given = Map<string, (string | boolean)[]>

/** The places of a verb without those that are given as flags, as long as that leaves one for each word. */
const freePlaces = (
  { command }: Verb,
  flags: readonly Flag[],
  { options, words }: { readonly options: readonly Token[]; readonly words: readonly string[] },
): readonly string[] => {
  const named = flags.filter(({ name, isList }) => !isList && options.some((option) => option.name === name))
  const free = command.positional.filter((place) => !named.some(({ key }) => key === place))
  return free.length < words.length ? command.positional : free
}

/**
 * Words take their places from the left; where there are fewer words than places, optional ones go without.
 */
const placeWords = (free: readonly string[], flags: readonly Flag[], words: readonly string[]): Given | string => {
  const flagOf = (key: string) => flags.find((flag) => flag.key === key)
  const places = [...free]
  while (places.length > words.length) {
    const spare = places.findIndex((key) => flagOf(key)?.isRequired === false)
    places.splice(spare < 0 ? places.length - 1 : spare, 1)
  }
  const given: Given = new Map()
  places.forEach((key, index) => {
    const isLast = index === places.length - 1
    given.set(key, isLast && flagOf(key)?.isList ? words.slice(index) : words.slice(index, index + 1))
  })
  const lastIsList = flagOf(places.at(-1) ?? '')?.isList === true
  const extra = lastIsList ? undefined : words[places.length]
  return extra === undefined ? given : `"${extra}" is one word too many: put text with spaces in quotes.`
}

/** Answers what is wrong with it; null when it was taken. */
const takeOption = (given: Given, flags: readonly Flag[], { name = '', value, inlineValue }: Token): string | null => {
  const known = flags.find((flag) => flag.name === name)
  const denied = name.startsWith('no-') ? flags.find((flag) => flag.name === name.slice(3)) : undefined
  if (!known && denied?.type === 'switch' && value === undefined) {
    given.set(denied.key, [false])
    return null
  }
  if (!known) return unknownFlag(flags, name)
  if (known.type === 'switch') {
    if (value !== undefined) return `--${name} takes no value: leave "=${value}" out, or write --no-${name}.`
    given.set(known.key, [true])
    return null
  }
  // A value that begins with dashes is most often the next flag; one that is meant is written with "=".
  if (value === undefined || (!inlineValue && value.startsWith('--'))) return `--${name} needs a value.`
  if (!known.isList && given.has(known.key)) return `--${name} was given twice.`
  given.set(known.key, [...(given.get(known.key) ?? []), value])
  return null
}

const readValues = (flags: readonly Flag[], given: Given): Record<string, unknown> | string => {
  const input: Record<string, unknown> = {}
  for (const flag of flags) {
    const values = given.get(flag.key)
    if (!values) continue
    const read = values.map((value) => readValue(flag, value))
    if (read.some((value) => Number.isNaN(value))) return `--${flag.name} needs a number, not "${values.join(' ')}".`
    input[flag.key] = flag.isList ? read : read[0]
  }
  return input
}

const readValue = (flag: Flag, value: string | boolean): unknown => {
  if (typeof value === 'boolean') return value
  // The only way to say "none" on a command line.
  if (value === '' && flag.isNullable) return null
  return flag.type === 'number' ? (value.trim() === '' ? Number.NaN : Number(value)) : value
}
