import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { VerbAnswer } from '../../shared/agent-verbs/verb-answer.ts'
import { readTaskWish } from './task-wish.ts'
import { startVerbHost, type Heard, type VerbHost } from './testing.ts'

const cli = join(import.meta.dirname, '..', 'cli.ts')
const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV'
const now = Date.now()
const task = {
  id: `tsk_${ulid}`,
  projectId: `prj_${ulid}`,
  key: 'APP-7',
  title: 'Mend it',
  body: 'How to.',
  kind: 'task',
  priority: 2,
  labels: [],
  requiredRole: null,
  allowedAgents: [],
  declaredPaths: [],
  baseRef: null,
  maxAttempts: 2,
  doneWhen: 'completed',
  state: 'claimed',
  reason: null,
  deferUntil: null,
  failedAttempts: 0,
  retryAt: null,
  claimEpoch: 3,
  position: 1,
  createdAt: now,
  changedAt: now,
  endedAt: null,
  rev: 1,
}
const attempt = {
  id: `att_${ulid}`,
  number: 1,
  epoch: 3,
  state: 'granted',
  leaseUntil: now,
  hardDeadline: now,
  headSha: null,
  outcome: null,
  rescueRef: null,
  by: 'me',
}
const checkpoint = {
  id: `chk_${ulid}`,
  taskId: task.id,
  attemptId: attempt.id,
  at: now,
  headSha: null,
  summary: 'Half is done',
  nextSteps: 'The other half',
}
const claimed: VerbAnswer = {
  ok: true,
  value: { task, attempt, checkpoint, rescueRef: 'refs/switchyard/rescue/1', seq: 1 },
}
const refusal = (code: string, message: string): VerbAnswer => ({ ok: false, refusal: { code, message } })
const recorded: VerbAnswer = { ok: true, value: { seq: 2 } }

let host: VerbHost
let repository: string
beforeEach(async () => {
  host = await startVerbHost()
  host.answer(({ verb }) => (verb === 'claim' ? claimed : recorded))
  repository = join(host.folder, 'repository')
  mkdirSync(repository)
  git('init', '--quiet', '--initial-branch=main')
  git('commit', '--quiet', '--allow-empty', '--message=Start')
})
afterEach(() => host.close())

const gitEnvironment = {
  GIT_AUTHOR_NAME: 'Ada',
  GIT_AUTHOR_EMAIL: 'ada@example.com',
  GIT_COMMITTER_NAME: 'Ada',
  GIT_COMMITTER_EMAIL: 'ada@example.com',
}
const git = (...args: string[]) =>
  execFileSync('git', args, {
    cwd: repository,
    env: { PATH: process.env['PATH'], HOME: host.folder, ...gitEnvironment },
    encoding: 'utf8',
  }).trim()

interface Finished {
  readonly code: number | null
  readonly out: string
  readonly problems: string
}

/** `whenSays`: called once the command has printed that. */
const run = (args: readonly string[], whenSays?: { text: string; act: (child: ChildProcess) => void }) =>
  new Promise<Finished>((resolve) => {
    const env = {
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      PATH: process.env['PATH'],
      HOME: host.folder,
      ...gitEnvironment,
      ...host.environment,
    }
    const child = spawn(process.execPath, [cli, 'run', ...args], { cwd: repository, env, stdio: 'pipe' })
    const said = { out: '', problems: '' }
    let hasActed = false
    child.stdout.on('data', (chunk: Buffer) => {
      said.out += chunk.toString()
      if (!whenSays || hasActed || !said.out.includes(whenSays.text)) return
      hasActed = true
      whenSays.act(child)
    })
    child.stderr.on('data', (chunk: Buffer) => (said.problems += chunk.toString()))
    child.on('close', (code) => resolve({ code, ...said }))
  })

const shell = (script: string) => ['--', '/bin/sh', '-c', script]
const heard = (verb: string): Heard | undefined => host.heard.find((call) => call.verb === verb)

describe('running a command for a task', () => {
  it('claims, runs, and hands in the commit that is checked out', async () => {
    const ended = await run([
      '--task',
      'APP-7',
      ...shell('echo "$SWITCHYARD_TASK_KEY $SWITCHYARD_TASK_EPOCH"; cat "$SWITCHYARD_TASK_BRIEF"'),
    ])
    expect(ended.code).toBe(0)
    expect(ended.out).toContain('APP-7 3\n# APP-7: Mend it\n\nHow to.\n')
    expect(ended.out).toContain('Half is done\n\nThe other half')
    expect(ended.out).toContain('git checkout refs/switchyard/rescue/1:folder -- .')
    expect(heard('claim')?.input).toEqual({ task: 'APP-7' })
    expect(heard('renew')?.input).toEqual({ task: task.id, epoch: 3 })
    expect(heard('submit')?.input).toMatchObject({ task: task.id, epoch: 3, headSha: git('rev-parse', 'HEAD') })
    expect(ended.problems).toContain('APP-7: submit, recorded as event 2')
    expect(git('status', '--porcelain')).toBe('')
  })

  it('commits what was changed when it is asked to, in the name of whoever runs it', async () => {
    expect((await run(['--next', '--commit', ...shell('echo a > new.txt')])).code).toBe(0)
    expect(heard('claim')?.input).toEqual({ task: null })
    expect(git('log', '-1', '--format=%an %s')).toBe('Ada APP-7: Mend it')
    expect(heard('submit')?.input).toMatchObject({ headSha: git('rev-parse', 'HEAD') })
  })

  it('gives the task up when its work cannot be committed', async () => {
    const hook = join(repository, '.git', 'hooks', 'pre-commit')
    mkdirSync(join(repository, '.git', 'hooks'), { recursive: true })
    writeFileSync(hook, '#!/bin/sh\necho no tests >&2\nexit 1\n', { mode: 0o755 })
    const ended = await run(['--next', '--commit', ...shell('echo a > new.txt')])
    expect(ended.code).toBe(1)
    expect(heard('fail')?.input).toMatchObject({ reason: expect.stringContaining('no tests') })
    expect(heard('submit')).toBeUndefined()
  })

  it('gives the task up with the exit code and the last lines of a command that fails', async () => {
    const ended = await run(['--next', ...shell('seq 3000; echo why >&2; exit 9')])
    expect(ended.code).toBe(9)
    expect(ended.out).toContain('3000')
    const reason = String(heard('fail')?.input['reason'])
    expect(reason).toContain('why')
    expect(reason.length).toBeLessThanOrEqual(2000)
    expect(heard('submit')).toBeUndefined()
  })

  it.each([
    [['--', 'no-such-program-anywhere'], 127],
    [shell('kill -KILL $$'), 137],
  ])('ends as a shell would after %j', async (command, code) => {
    expect((await run(['--next', ...command])).code).toBe(code)
    expect(heard('fail')).toBeDefined()
  })

  it('passes signals on, and gives the task back when it was ended by one', async () => {
    const script = 'trap "echo got it; exit 3" TERM; echo ready; while :; do sleep 0.05; done'
    const ended = await run(['--next', ...shell(script)], { text: 'ready', act: (child) => child.kill('SIGTERM') })
    expect(ended).toMatchObject({ code: 3, out: 'ready\ngot it\n' })
    expect(heard('release')?.input).toMatchObject({ epoch: 3, reason: expect.stringContaining('SIGTERM') })
    expect(heard('fail')).toBeUndefined()
  })

  it('takes a checkpoint of what the command writes, and hands it in as its summary', async () => {
    const script = 'echo "Found it" > "$SWITCHYARD_TASK_CHECKPOINT"'
    await run(['--next', ...shell(script)])
    expect(heard('checkpoint')?.input).toEqual({ task: task.id, epoch: 3, summary: 'Found it' })
    expect(heard('submit')?.input).toMatchObject({ summary: 'Found it' })
  })

  it('leaves nothing of its own behind', async () => {
    const ended = await run(['--next', ...shell('echo "$SWITCHYARD_TASK_BRIEF"')])
    expect(ended.out).toContain('brief.md')
    expect(existsSync(ended.out.trim())).toBe(false)
  })

  it('ends the command when the task is no longer its own', async () => {
    host.answer(({ verb }) => {
      if (verb === 'claim') return claimed
      return verb === 'renew' ? refusal('STALE_EPOCH', 'Another one has it.') : recorded
    })
    const ended = await run(['--next', ...shell('exec sleep 600')])
    expect(ended.code).toBe(4)
    expect(ended.problems).toContain('Another one has it.')
    expect(host.heard.map(({ verb }) => verb)).not.toContain('fail')
  })

  it.each([
    ['ALREADY_CLAIMED', 3],
    ['NOTHING_READY', 3],
    ['PAUSED', 2],
  ])('runs nothing when the claim is refused with %s', async (code, exit) => {
    host.answer(() => refusal(code, 'No.'))
    const ended = await run(['--next', ...shell('echo ran')])
    expect(ended).toMatchObject({ code: exit, out: '', problems: `switchyard: ${code}: No.\n` })
  })

  it('waits for an app that restarts while the command runs, and hands in then', async () => {
    const away = {
      text: 'ready',
      act: () => void host.goAway().then(() => setTimeout(() => void host.comeBack(), 1500)),
    }
    const ended = await run(['--next', ...shell('echo ready; sleep 0.3')], away)
    expect(ended.code).toBe(0)
    expect(heard('submit')).toBeDefined()
  })
})

describe('what is asked for', () => {
  it.each([
    [['--next', '--', 'make'], { task: null, project: null, commits: false, command: ['make'] }],
    [
      ['--task', 'A-1', '--commit', '--', 'a', '--', '--task'],
      { task: 'A-1', project: null, commits: true, command: ['a', '--', '--task'] },
    ],
    [['--task=A-1', '--', 'a'], { task: 'A-1', project: null, commits: false, command: ['a'] }],
    [['--next', '--project', '/p', '--', 'a'], { task: null, project: '/p', commits: false, command: ['a'] }],
    [['--next', '--project=', '--', 'a'], expect.stringContaining('after --project')],
    [['--next'], expect.stringContaining('after "--"')],
    [['--next', '--'], expect.stringContaining('after "--"')],
    [['--', 'a'], expect.stringContaining('which task')],
    [['--next', '--task', 'A-1', '--', 'a'], expect.stringContaining('which task')],
    [['--task', '--', 'a'], expect.stringContaining('which task')],
    [['--tsak', 'A-1', '--', 'a'], expect.stringContaining('"--tsak"')],
  ])('%j', (args, wish) => {
    expect(readTaskWish(args)).toEqual(wish)
  })
})
