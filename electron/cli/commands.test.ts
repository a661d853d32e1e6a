import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { entries, openCommandYard, type CommandYard, type Member } from '../hosts/common/testing/command-yard.ts'
import { runCli } from './run-cli.ts'
import { createWorld } from './testing.ts'

// The command beside the whole app, and without it: as a session by the environment of its own agent, and as the person.

let yard: CommandYard
let anna: Member
let bert: Member
beforeAll(async () => {
  yard = await openCommandYard()
  anna = await yard.addSession('Anna')
  bert = await yard.addSession('Bert')
})
afterAll(() => yard.close())

/** Runs a command line and answers what it said; of a person in the repository when no session is named. */
const say = async (argv: readonly string[], who?: Member, cwd = join(yard.repository, 'src')) => {
  const { world, said } = createWorld(
    who?.environment ?? { PATH: process.env['PATH'], SWITCHYARD_DATA: yard.dataDir },
    yard.home,
  )
  const code = await runCli([...argv, '--json'], { ...world, entries, folder: cwd })
  const answer = JSON.parse(said.out || 'null') as {
    ok: boolean
    value: never
    refusal: { code: string; message: string }
  }
  return { code, ...answer, problems: said.problems }
}
const does = async <Value = Record<string, unknown>>(argv: readonly string[], who?: Member) => {
  const answer = await say(argv, who)
  if (!answer.ok) throw new Error(`${argv.join(' ')}: ${answer.refusal.code} ${answer.refusal.message}`)
  expect(answer.code).toBe(0)
  return answer.value as Value
}

describe.each(['runs', 'is closed'] as const)('while the app %s', (state) => {
  beforeAll(() => (state === 'runs' ? yard.start() : yard.stop()))

  it('a session works on tasks, leases and mail by its own token', async () => {
    expect(await does(['whoami'], anna)).toMatchObject({ sessionId: anna.id, name: 'Anna' })
    const { task } = await does<{ task: { key: string } }>(['tasks', 'create', `Of Anna while it ${state}`], anna)
    await does(['claim', task.key], anna)
    await does(['checkpoint', 'Half of it', '--next', 'The rest'], anna)
    expect(await does(['tasks', 'show'], anna)).toMatchObject({ checkpoints: [{ summary: 'Half of it' }] })
    expect(await say(['claim', task.key], bert)).toMatchObject({ code: 3, refusal: { code: 'ALREADY_CLAIMED' } })
    const target = `hot-${state === 'runs' ? 1 : 2}.ts`
    await does(['lease', 'acquire', target, '--policy', 'enforce'], anna)
    expect(await say(['lease', 'acquire', target, '--policy', 'enforce'], bert)).toMatchObject({ code: 3 })
    expect(await does(['lease', 'check', target], bert)).toMatchObject({ refused: [{ path: target }] })
    const sent = await does<{ id: string }>(['mail', 'send', '@bert', '--subject', 'Hi', '--body', 'Soon yours.'], anna)
    expect(await does(['mail', 'read', sent.id], bert)).toMatchObject({ message: { body: 'Soon yours.' } })
    await does(['mail', 'ack', sent.id], bert)
    await does(['report', 'Nearly there'], anna)
    expect(JSON.stringify(await does(['peers'], bert))).toContain('Nearly there')
    expect(await does(['brief'], anna)).toMatchObject({ markdown: expect.stringContaining(task.key) })
    expect(await does(['submit', 'Done'], anna)).toMatchObject({ task: { state: 'in_review' } })
    expect(JSON.stringify(await does(['events', 'tail'], bert))).toContain('tasks.changed')
    await does(['lease', 'release'], anna)
  })

  it('a place in line is waited for, and served when the lease is given back', async () => {
    const target = `line-${state === 'runs' ? 1 : 2}.ts`
    await does(['lease', 'acquire', target, '--policy', 'enforce'], anna)
    const stood = await does<{ waiterId: string }>(['lease', 'acquire', target, '--policy', 'enforce', '--wait'], bert)
    expect(await does(['lease', 'wait', stood.waiterId, '--seconds', '1'], bert)).toEqual({ ended: null })
    const waiting = does(['lease', 'wait', stood.waiterId, '--seconds', '60'], bert)
    await does(['lease', 'release', target], anna)
    expect(await waiting).toEqual({ ended: 'granted' })
    await does(['lease', 'release'], bert)
  })

  it('the person works from a folder of the project, and holds a claim as the shell', async () => {
    expect(await does(['whoami'])).toMatchObject({ sessionId: null, project: { id: yard.project.id } })
    const { task } = await does<{ task: { key: string } }>(['tasks', 'create', `By hand while it ${state}`])
    await does(['claim', task.key])
    expect(await say(['claim', task.key], anna)).toMatchObject({ code: 3 })
    expect(await does(['submit', 'Done'])).toMatchObject({
      attempt: { headSha: expect.stringMatching(/^[0-9a-f]{40}$/) },
    })
    await does(['mail', 'send', '@anna', '--subject', 'From outside', '--body', 'x'])
    expect(await say(['tasks', 'list'], undefined, yard.folder)).toMatchObject({
      code: 2,
      refusal: { code: 'NOT_FOUND' },
    })
    expect(await say(['report', 'x'])).toMatchObject({ code: 2, refusal: { code: 'NOT_IN_SESSION' } })
  })

  it('a token of nobody is refused, and changes nothing', async () => {
    const forged = { ...anna, environment: { ...anna.environment, SWITCHYARD_TOKEN: 'f'.repeat(64) } }
    expect(await say(['tasks', 'create', 'Forged'], forged)).toMatchObject({
      code: 2,
      refusal: { code: 'UNKNOWN_TOKEN' },
    })
    expect(JSON.stringify(await does(['tasks', 'list']))).not.toContain('Forged')
  })

  it('`run` works on a task from outside of any session', async () => {
    const { task } = await does<{ task: { key: string } }>(['tasks', 'create', `To run while it ${state}`])
    const { world, said } = createWorld({ PATH: process.env['PATH'], SWITCHYARD_DATA: yard.dataDir }, yard.home)
    const run = (args: readonly string[]) => runCli(['run', ...args], { ...world, entries, folder: yard.repository })
    expect(await run(['--task', task.key, '--', 'true'])).toBe(0)
    expect(said.problems).toMatch(new RegExp(`${task.key}: submit, recorded as event \\d+`))
    expect(await does(['tasks', 'show', task.key])).toMatchObject({
      task: { state: 'in_review' },
      attempts: [{ by: `command in ${yard.repository}`, outcome: expect.stringContaining('ended with 0') }],
    })
    expect(await run(['--task', task.key, '--project', join(yard.folder, 'nowhere'), '--', 'true'])).toBe(1)
  })
})

describe('what is different without the app', () => {
  beforeAll(() => yard.stop())

  it('is said by `doctor`', async () => {
    const { isWell, checks } = await does<{ isWell: boolean; checks: { name: string; isWell: boolean }[] }>(['doctor'])
    expect([isWell, checks.filter((check) => !check.isWell).map(({ name }) => name)]).toEqual([false, ['app']])
  })

  it('is that nobody can be asked: said with what to do, and with the exit code of an app that is away', async () => {
    expect(await say(['ask-human', 'Blue?'], anna)).toMatchObject({
      code: 5,
      refusal: { code: 'UNAVAILABLE', message: expect.stringMatching(/mail send person/) },
    })
  })

  it('is nothing for what was kept of it: the app finds all of it at its next start', async () => {
    const { task } = await does<{ task: { key: string } }>(['tasks', 'create', 'Kept'], anna)
    expect((await yard.readState()).tasks.map(({ key }) => key)).toContain(task.key)
    expect(statSync(join(yard.dataDir, 'command-token')).mode & 0o077).toBe(0)
    await yard.stop()
    expect(existsSync(join(yard.dataDir, 'command-token'))).toBe(false)
  })
})
