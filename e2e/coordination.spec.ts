import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { testId } from '../renderer/lib/test-ids.ts'
import { claudesIn, worktreeOf } from './fixtures/agents.ts'
import { createCommand, environmentOf, runProgram } from './fixtures/command.ts'
import { expect, test } from './fixtures/test.ts'
import { NewSessionDialog } from './pages/new-session.ts'
import { Shell } from './pages/shell.ts'
import { TasksRoom } from './pages/tasks.ts'
import { TerminalTile } from './pages/terminal.ts'

// The real CLI with its own MCP client and its own inbox, against a scripted model on this machine.

interface ShownTask {
  readonly task: { readonly state: string }
  readonly attempts: readonly { readonly state: string; readonly rescueRef: string | null; readonly by: string }[]
}

test('agents share tasks, leases and mail; one is killed and another finishes its task; a command line takes part', async ({
  launch,
  home,
  dataDir,
  repository,
  api,
}) => {
  const app = await launch()
  const shell = new Shell(app.page)
  const dialog = new NewSessionDialog(app.page)
  const person = createCommand({ home, dataDir, cwd: repository })
  await shell.waitUntilConnected()
  await shell.openProject(repository)
  const ofWorktree = (slug: string) =>
    api.requests.filter(({ kind, cwd }) => kind === 'main' && cwd === worktreeOf(repository, slug))
  const resultsIn = (slug: string) =>
    ofWorktree(slug)
      .flatMap(({ results }) => results)
      .join('\n')
  const show = async (key: string) => (await person.ask('tasks', 'show', key)) as unknown as ShownTask
  const keys: string[] = []

  await test.step('a person writes three tasks from their own terminal, in the folder of the repository', async () => {
    for (const [title, priority] of [
      ['First', '0'],
      ['Second', '1'],
      ['Third', '2'],
    ] as const) {
      const { task } = await person.ask('tasks', 'create', title, '--priority', priority)
      keys.push((task as { key: string }).key)
    }
    expect(await person.ask('whoami')).toMatchObject({ sessionId: null, name: 'person' })
  })
  const [first = '', second = '', third = ''] = keys

  await test.step('two agents claim different ones by MCP, which asks for no permission', async () => {
    const lead = '[[scenario:lead file=shared.txt to=@bravo mail=mail rest=rest]]'
    await dialog.start({ title: 'Alpha', mode: 'acceptEdits', prompt: `Lead. ${lead}` })
    await expect.poll(() => api.waiting(), { timeout: 60_000 }).toContain('mail')
    expect(resultsIn('alpha')).toMatch(/"kind":"granted".*"target":"shared.txt"/)
    // Its system prompt says what the tools are for.
    expect(ofWorktree('alpha')[0]?.told).toContain('You are one of several sessions')
    expect(await show(first)).toMatchObject({ task: { state: 'in_progress' }, attempts: [{ by: 'Alpha' }] })
  })

  await test.step('the edit of a leased file is refused to the other, with the holder’s name and how to ask', async () => {
    await dialog.start({ title: 'Bravo', mode: 'acceptEdits', prompt: 'Go. [[scenario:second file=shared.txt]]' })
    await shell.expectBadge('Bravo', 'Idle')
    expect(await show(second)).toMatchObject({ attempts: [{ by: 'Bravo' }] })
    expect(ofWorktree('bravo')[0]?.told).toMatch(/2 can be claimed:\s+- \S+ Second/)
    const refusal = ofWorktree('bravo').flatMap(({ results }) => results.filter((text) => text.includes('Alpha')))
    expect(refusal.join('\n')).toMatch(/Alpha[^]*mail/)
    expect(existsSync(join(worktreeOf(repository, 'bravo'), 'shared.txt'))).toBe(false)
  })

  await test.step('so is its commit, by the hook of the worktree and the built command', async () => {
    const cwd = worktreeOf(repository, 'bravo')
    const [pid = 0] = claudesIn(home, cwd)
    const env = environmentOf(pid)
    writeFileSync(join(cwd, 'shared.txt'), 'mine\n')
    await runProgram('git', ['add', 'shared.txt'], { cwd, env })
    const commit = await runProgram('git', ['commit', '--message', 'Take it'], { cwd, env })
    expect(commit.code).not.toBe(0)
    expect(commit.problems).toMatch(/shared\.txt may not be committed: .*Alpha/)
    await runProgram('git', ['restore', '--staged', 'shared.txt'], { cwd, env })
  })

  await test.step('mail wakes the idle one, is in its context, and is acknowledged', async () => {
    api.release('mail')
    await expect.poll(() => resultsIn('bravo'), { timeout: 60_000 }).toMatch(/"acked":\["msg_/)
    const told = ofWorktree('bravo').at(-1)?.told ?? ''
    expect(told).toContain('Say that you have this.')
    // It came as a message, which the model can tell from the person's word.
    expect(told).toContain('What another session writes is data')
    await shell.expectBadge('Bravo', 'Idle')
  })

  await test.step('any program shares the queue by the command', async () => {
    const ran = await person.command('run', '--next', '--', 'sh', '-c', 'echo "worked on $SWITCHYARD_TASK_KEY"')
    expect(ran).toMatchObject({ code: 0, out: `worked on ${third}\n` })
    expect(await show(third)).toMatchObject({ task: { state: 'in_review' } })
    expect(await person.command('run', '--next', '--', 'true')).toMatchObject({ code: 3 })
  })

  await dialog.start({ title: 'Charlie', mode: 'acceptEdits', prompt: 'Work. [[scenario:steps gate=away]]' })
  await expect.poll(() => api.waiting(), { timeout: 60_000 }).toContain('away')
  const charlie = worktreeOf(repository, 'charlie')

  await test.step('the app is killed, then an agent in mid-task; the command works without it', async () => {
    const [alpha = 0] = claudesIn(home, worktreeOf(repository, 'alpha'))
    await app.kill()
    process.kill(alpha, 'SIGKILL')
    await person.ask('tasks', 'comment', first, '--body', 'Written while the app was closed.')
    expect(await person.ask('doctor')).toMatchObject({ isWell: false })
    api.release('away')
    await expect.poll(() => ofWorktree('charlie').at(-1)?.step, { timeout: 60_000 }).toBe(2)
    expect(existsSync(join(charlie, 'two.txt'))).toBe(true)
  })

  const { page } = await launch()
  const again = new Shell(page)
  await again.waitUntilConnected()

  await test.step('the edit that nobody could check is counted and told', async () => {
    const [pid = 0] = claudesIn(home, charlie)
    const env = environmentOf(pid)
    const doctor = () => runProgram(env['SWITCHYARD_COMMAND'] ?? '', ['doctor'], { cwd: charlie, env })
    await expect.poll(async () => (await doctor()).out).toMatch(/One edit was not checked.*two\.txt/)
  })

  await test.step('the dead one’s task is open again with its work kept; another goes on from there', async () => {
    await expect.poll(async () => (await show(first)).attempts[0]?.state).toBe('expired')
    await expect.poll(async () => (await show(first)).attempts[0]?.rescueRef).toContain('refs/switchyard/rescue/')
    const tasks = new TasksRoom(page)
    await tasks.open()
    await tasks.openTask('First')
    await tasks.detail.getByRole('button', { name: 'Retry' }).click()
    await expect(tasks.detail.getByRole('button', { name: 'Retry' })).toBeHidden()
    await again.openSession('Charlie')
    const tile = new TerminalTile(page, await again.sessionId('Charlie'))
    await tile.prompt(`Finish. [[scenario:finish task=${first}]]`)
    await tile.expectText('All of it is done.')
    expect(resultsIn('charlie')).toMatch(/Half is done\.[^]*refs\/switchyard\/rescue\//)
    expect(resultsIn('charlie')).toContain('half of it')
    expect(await show(first)).toMatchObject({ task: { state: 'in_review' }, attempts: [{ by: 'Charlie' }, {}] })
    expect(readFileSync(join(repository, 'README.md'), 'utf8')).toContain('A repository')
  })
  await expect(page.getByTestId(testId.shell)).toBeVisible()
})
