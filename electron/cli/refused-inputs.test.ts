import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { verbNames, verbs, type VerbName } from '../../shared/agent-verbs/verbs.ts'
import { withDirect } from '../backend/open-direct.ts'
import { mcpTools } from '../agent-gateway/mcp-tools.ts'
import { entries, openCommandYard } from '../hosts/common/testing/command-yard.ts'
import { openRefusalYard, type Door, type RefusalYard } from './testing/refusal-yard.ts'
import { refusedInputs, type RefusedInput, type Scene } from './testing/refused-inputs.ts'
import { createWorld } from './testing.ts'

// Every verb by every door: what is refused is refused as it should be, says what to do, changes nothing, and is kept once
// with who tried. The rows of well-formed input stand in a table; those of malformed input are made from the verbs.

let yard: RefusalYard
let scene: Scene
beforeAll(async () => {
  yard = await openRefusalYard({ yard: await openCommandYard(), entries, tools: mcpTools })
  scene = await yard.prepare()
})
afterAll(() => yard.close())

type Who = 'session' | 'person'
interface Row {
  readonly name: VerbName
  readonly what: string
  readonly input: Readonly<Record<string, unknown>>
  readonly code: string
  readonly isKept: boolean
  readonly mayChange: boolean
}

const rowsFor = (who: Who): readonly Row[] =>
  verbNames.flatMap((name) => refusedInputs[name].flatMap((row) => rowOf(name, row, who) ?? []))
const rowOf = (name: VerbName, given: RefusedInput, who: Who): Row | null => {
  const { what, input, session, person, isAnswer = false, keepsWork: mayChange = false } = given
  const code = who === 'session' ? session : (person ?? session)
  const isRefused = who === 'session' || person !== null
  return isRefused ? { name, what, input: input(scene), code, isKept: !isAnswer, mayChange } : null
}

interface Property {
  readonly type?: string
  readonly maxLength?: number
  readonly maxItems?: number
  readonly maximum?: number
  readonly anyOf?: readonly Property[]
}

/** Of each input of each verb what it cannot be, as its schema tells. */
const malformed = (): readonly Row[] =>
  verbNames.flatMap((name) => {
    const schema = z.toJSONSchema(verbs[name].input, { io: 'input', unrepresentable: 'any' })
    return Object.entries((schema.properties ?? {}) as Record<string, Property>).flatMap(([key, property]) => {
      const kinds = [property, ...(property.anyOf ?? [])]
      const wrong: [string, unknown][] = [
        ['an object', { key: 1 }],
        ['a list in a list', [[[]]]],
      ]
      for (const { maxLength, maxItems, maximum } of kinds) {
        if (maxLength !== undefined) wrong.push(['too long', 'x'.repeat(maxLength + 1)])
        if (maxItems !== undefined) wrong.push(['too many', Array.from({ length: maxItems + 1 }, (_, n) => `a${n}`)])
        if (maximum !== undefined) wrong.push(['too large', maximum === Number.MAX_SAFE_INTEGER ? 1e300 : maximum + 1])
      }
      return wrong.map(([what, value]): Row => ({
        name,
        what: `${what} for ${key}`,
        input: { [key]: value },
        code: 'INVALID',
        isKept: true,
        mayChange: false,
      }))
    })
  })

/** A wish, or what comes after the reason: a sentence that says what to do, or the verb that helps. */
const saysNext = (message: string) =>
  /^(Say|Name|Give|Ask) .*\.$|\S[.!?)”] \S.*\.$|\((?:[a-z_-]+ ?){1,4}\)\.$|It takes .*\. Nothing was changed\.$|See "switchyard [a-z -]+ --help"\.$/.test(
    message,
  )

const exitCodes: Readonly<Record<string, number>> = {
  MALFORMED: 1,
  ALREADY_CLAIMED: 3,
  HELD: 3,
  DEADLOCK: 3,
  STALE_REV: 3,
  EXISTS: 3,
  STALE_EPOCH: 4,
}

/** What came of each row by one door, beside what should. */
const walk = async (
  rows: readonly Row[],
  door: Door,
  { who, isCommand }: { readonly who: Who; readonly isCommand: boolean },
) => {
  let before = yard.dump()
  const seen: unknown[] = []
  const wanted: unknown[] = []
  for (const { name, what, input, code, isKept, mayChange } of rows) {
    const { answer, exitCode } = await door(name, input)
    const kept = yard.refusalsAfter(before.seq).map((one) => [one.by, one.code])
    const message = answer.ok ? '' : answer.refusal.message
    const after = yard.dump()
    const isChanged = !mayChange && after.rows !== before.rows
    before = after
    const told = saysNext(message) ? 'says what to do' : message
    seen.push([name, what, answer.ok ? 'ok' : answer.refusal.code, exitCode, told, isChanged, kept])
    // A command reads its words before it asks anybody.
    const isUnread = isCommand && !verbs[name].input.safeParse(input).success
    const shown = isUnread ? 'MALFORMED' : code
    const exit = isCommand ? (exitCodes[shown] ?? 2) : null
    const by = who === 'session' ? `session:${yard.anna.id}` : 'person:command'
    wanted.push([name, what, shown, exit, 'says what to do', false, isKept ? [[by, code]] : []])
  }
  expect(seen).toEqual(wanted)
}

const doors: readonly [string, Who, boolean, () => Door][] = [
  ['HTTP, as a session', 'session', false, () => yard.byHttp(() => yard.asSession(yard.anna))],
  ['HTTP, as the person', 'person', false, () => yard.byHttp(() => yard.asPerson())],
  ['MCP', 'session', false, () => yard.byMcp],
  ['the command, in a session', 'session', true, () => yard.byCommand(() => yard.anna.environment)],
  ['the command, outside of any', 'person', true, () => yard.byCommand(yard.personEnvironment)],
]

describe('the table', () => {
  it('has rows for every verb that can be refused anything well-formed', () => {
    expect(Object.keys(refusedInputs).toSorted()).toEqual([...verbNames].toSorted())
    const without = verbNames.filter((name) => refusedInputs[name].length === 0)
    // They take nothing that could be wrong of a thing that is there or not; a new verb is refused something, or belongs here.
    const looks = ['whoami', 'brief', 'peers', 'events.tail', 'doctor', 'tasks.ready', 'tasks.list']
    expect(without).toEqual([...looks, 'lease.renew', 'lease.list', 'lease.check', 'mail.inbox', 'merge.status'])
  })
})

describe.each(doors)('by %s', (_door, who, isCommand, doorOf) => {
  it('what is well-formed and cannot be is refused, kept once, and changes nothing', async () => {
    await walk(rowsFor(who), doorOf(), { who, isCommand })
  })
})

describe('by any door', () => {
  it('what is of another form is refused, kept once, and changes nothing', async () => {
    const door = yard.byHttp(() => yard.asSession(yard.anna))
    await walk(malformed(), door, { who: 'session', isCommand: false })
  })
})

describe('while the app is closed', () => {
  it.each(['session', 'person'] as const)('the same holds for %s', async (who) => {
    const rows = [...rowsFor(who), ...malformed()]
    await yard.stop()
    const { world } = createWorld(yard.personEnvironment(), yard.home)
    await withDirect({ ...world, dataDir: yard.dataDir, entries }, async (direct) => {
      const holder = await direct.findTokenHolder(yard.tokenOf(yard.anna))
      if (!holder) throw new Error('The token was not known.')
      const door: Door = async (name, input) => {
        const call = { name, input, requestId: null, signal: AbortSignal.abort() }
        const caller = { folder: yard.repository, pid: process.pid }
        const answer = who === 'session' ? await direct.runVerb(holder, call) : await direct.runPersonVerb(caller, call)
        return { answer, exitCode: null }
      }
      await walk(rows, door, { who, isCommand: false })
    })
  })

  it.each([
    ['claim', 'what another has'],
    ['submit', 'an epoch that is over'],
    ['tasks.show', 'a task that is not there'],
    ['report', 'nothing to say'],
  ] as const)('the command %s ends with its exit code for %s', async (name, what) => {
    await yard.stop()
    const rows = rowsFor('session').filter((row) => row.name === name && row.what === what)
    expect(rows).toHaveLength(1)
    await walk(
      rows,
      yard.byCommand(() => yard.anna.environment),
      { who: 'session', isCommand: true },
    )
  })
})
