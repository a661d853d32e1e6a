import { randomUUID } from 'node:crypto'
import { existsSync, realpathSync } from 'node:fs'
import { resolve } from 'node:path'
import { exitCodeOf, exitCodes } from '../../shared/agent-verbs/exit-codes.ts'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import type { Verb } from '../../shared/agent-verbs/verb.ts'
import { verbs } from '../../shared/agent-verbs/verbs.ts'
import { inertJson } from '../../shared/lib/inert-text.ts'
import { unreachable } from '../../shared/lib/unreachable.ts'
import { createAsk, reach } from './ask.ts'
import type { Called, VerbCall } from './call-verb.ts'
import { readHead } from './commit-all.ts'
import { completionScript, completionsFor } from './completion.ts'
import { findPersonEntry, findSessionEntry, nothingThere, type Entry } from './entry.ts'
import { formatAnswer } from './format-answer.ts'
import { guardCommit } from './guard.ts'
import { helpText } from './help.ts'
import { inertText } from './inert-text.ts'
import { installCommand } from './install-command.ts'
import { runTask } from './run-task.ts'
import { readTaskWish } from './task-wish.ts'
import { commandOf, readCommand, type Command, type VerbCommand } from './read-command.ts'
import type { CliWorld } from './cli-world.ts'

/** Runs one command line; answers the exit code. */
export const runCli = async (argv: readonly string[], world: CliWorld): Promise<number> => {
  if (argv[0] === '__complete') {
    world.print(
      completionsFor(argv.slice(1))
        .map((word) => `${word}\n`)
        .join(''),
    )
    return exitCodes.ok
  }
  const command = readCommand(argv)
  switch (command.kind) {
    case 'help':
      world.print(helpText(command.topic, command.group))
      return exitCodes.ok
    case 'version':
      world.print(`${world.version}\n`)
      return exitCodes.ok
    case 'mistake':
      // A word that no verb knows: the app keeps who tried it.
      if (command.meant)
        await tellMistake(world, { name: command.meant.name, input: { [command.meant.words.slice(0, 100)]: true } })
      return tellRefusal(world, { code: 'MALFORMED', message: command.message }, command.isJson)
    case 'own':
      return runOwn(command, world)
    case 'verb':
      return runVerbCommand(command, world)
    default:
      return unreachable(command)
  }
}

const runOwn = async (command: Extract<Command, { kind: 'own' }>, world: CliWorld): Promise<number> => {
  switch (command.name) {
    case 'completion': {
      const script = completionScript(command.args[0] ?? '')
      if (script === null)
        return tellRefusal(world, { code: 'MALFORMED', message: 'Name your shell: bash, zsh or fish.' }, false)
      world.print(script)
      return exitCodes.ok
    }
    case 'install': {
      const installed = await installCommand(command.args, world)
      if (!installed.ok) return tellRefusal(world, installed.refusal, false)
      world.print(installed.value)
      return exitCodes.ok
    }
    case 'guard':
      return guardCommit(world)
    case 'run': {
      const wish = readTaskWish(command.args)
      if (typeof wish === 'string') return tellRefusal(world, { code: 'MALFORMED', message: wish }, false)
      const folder = resolve(world.folder, wish.project ?? '.')
      if (!existsSync(folder))
        return tellRefusal(world, { code: 'MALFORMED', message: `There is no folder ${folder}.` }, false)
      // The worker is this very process: its end is the end of its claim.
      const entry = findEntry(world, { folder, pid: world.pid })
      return entry ? runTask(createAsk(world, entry), wish, world) : tellRefusal(world, nothingThere(world), false)
    }
    default:
      return unreachable(command.name)
  }
}

const runVerbCommand = async (command: VerbCommand, world: CliWorld): Promise<number> => {
  const { name, isJson, fromStdin } = command
  const text = fromStdin === null ? null : await world.readStdin()
  const input = text === null || fromStdin === null ? command.input : { ...command.input, [fromStdin]: text }
  const verb: Verb = verbs[name]
  const checked = verb.input.safeParse(input)
  if (!checked.success) {
    const [issue] = checked.error.issues
    const about = issue?.path[0] === undefined ? '' : `${String(issue.path[0])}: `
    const message = `${about}${issue?.message ?? 'Not understood.'} See "switchyard ${commandOf(name)} --help".`
    await tellMistake(world, { name, input })
    return tellRefusal(world, { code: 'MALFORMED', message }, isJson)
  }
  // What is claimed by hand is held by the shell, as long as that lives.
  const entry = findEntry(world, { folder: world.folder, pid: world.parentPid })
  if (!entry) return tellRefusal(world, nothingThere(world), isJson)
  const call: VerbCall = {
    name,
    input: entry.who.kind === 'person' ? await withHead(name, input) : input,
    requestId: command.requestId ?? randomUUID(),
  }
  const called = await callAfterSpool(entry, call, verb.whileAway === 'spools', world)
  return called.kind === 'answered'
    ? tellAnswer(world, called.answer, isJson)
    : whileAway(world, entry, command, called, call)
}

/** What was kept for later goes first: an older heartbeat after a newer word would be out of order. */
const callAfterSpool = async (entry: Entry, call: VerbCall, isPatient: boolean, world: CliWorld): Promise<Called> => {
  const said = (await entry.spool?.deliver((kept) => reach(world, entry, kept, 'none'))) ?? []
  for (const line of said) world.printProblem(`${inertText(line)}\n`)
  // What may wait for the app need not wait here.
  return reach(world, entry, call, isPatient ? 'none' : 'usual')
}

/** Asked all the same, so that it is kept who tried. */
const tellMistake = async (world: CliWorld, call: Omit<VerbCall, 'requestId'>): Promise<void> => {
  const entry = findEntry(world, { folder: world.folder, pid: world.parentPid })
  if (entry) await reach(world, entry, { ...call, requestId: randomUUID() }, 'none')
}

/** The session whose terminal this is, else the person in a folder. */
const findEntry = (world: CliWorld, { folder, pid }: { readonly folder: string; readonly pid: number }) =>
  findSessionEntry(world) ?? findPersonEntry(world, { folder: realpathSync(folder), pid })

/** Of a session the app knows the worktree; of anybody else the head is where they are. */
const withHead = async (name: string, input: VerbCall['input']): Promise<VerbCall['input']> =>
  (name === 'submit' || name === 'checkpoint') && input['headSha'] === undefined
    ? { ...input, headSha: await readHead() }
    : input

const whileAway = async (
  world: CliWorld,
  { spool }: Entry,
  { name, isJson }: VerbCommand,
  { mayHaveRun }: Extract<Called, { kind: 'away' }>,
  call: VerbCall,
): Promise<number> => {
  if (spool && verbs[name].whileAway === 'spools') {
    if (await spool.add(call)) {
      // No word of success: that has the number of an event.
      world.print(isJson ? `${inertJson({ spooled: call.requestId })}\n` : 'Switchyard is away: kept for later.\n')
      return exitCodes.ok
    }
    const message = 'Switchyard is away, and as much is kept for later as there may be. Start it.'
    return tellRefusal(world, { code: 'UNAVAILABLE', message }, isJson)
  }
  const repeat = `repeat it with --request-id ${call.requestId}`
  const message = mayHaveRun
    ? `Switchyard went away before it answered; it may have been done. When it runs again, ${repeat}: it is done once.`
    : 'Switchyard does not run, so nothing was decided. Start it and try again.'
  return tellRefusal(world, { code: 'UNAVAILABLE', message }, isJson)
}

const tellAnswer = (world: CliWorld, answer: VerbAnswer, isJson: boolean): number => {
  if (!answer.ok) return tellRefusal(world, answer.refusal, isJson)
  world.print(isJson ? `${inertJson(answer)}\n` : formatAnswer(answer.value, world.now()))
  return exitCodes.ok
}

const tellRefusal = (
  world: CliWorld,
  refusal: { readonly code: string; readonly message: string },
  isJson: boolean,
): number => {
  // One place for a program to read: its standard output has the answer, whatever it is.
  if (isJson) world.print(`${inertJson({ ok: false, refusal })}\n`)
  else world.printProblem(`${refusal.code}: ${inertText(refusal.message)}\n`)
  return exitCodeOf(refusal.code)
}
