import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import type { Attempt, Task } from '../../shared/contract/task-rows.ts'
import { openWorkYard, takeUpAgain } from '../hosts/common/testing/work-yard.ts'

const cli = join(import.meta.dirname, '..', 'cli.ts')

it('a "switchyard run" that is killed gives its task back with the next start of the app, and another one can have it', async () => {
  const yard = await openWorkYard(1)
  const [task] = yard.query('SELECT id, key FROM tasks') as readonly Task[]
  if (!task) throw new Error('There is no task.')
  await yard.app().quit()
  const { dataDir, home, repository } = yard
  const env = {
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    PATH: process.env['PATH'],
    HOME: home,
    SWITCHYARD_DATA: dataDir,
  }
  const run = (...command: readonly string[]) =>
    spawn(process.execPath, [cli, 'run', '--next', '--', ...command], {
      cwd: repository,
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
  const wrapper = run('/bin/sh', '-c', 'echo $$; exec sleep 1000')
  const [child] = (await once(createInterface({ input: wrapper.stdout }), 'line')) as [string]
  wrapper.kill('SIGKILL')
  await once(wrapper, 'close')
  // The command itself knows nothing of it; it is the wrapper that holds the task.
  process.kill(Number(child))
  expect(yard.query('SELECT state FROM attempts')).toHaveLength(1)

  await yard.start()
  const { attempts } = await yard.app().call<{ attempts: Attempt[] }>('tasks.detail', { taskId: task.id })
  expect(attempts).toMatchObject([{ state: 'expired', outcome: expect.stringContaining('ended') }])
  expect(yard.query('SELECT state, failed_attempts FROM tasks')).toEqual([{ state: 'open', failed_attempts: 1 }])
  await takeUpAgain(yard)
  await yard.app().quit()

  const [code] = (await once(run('true'), 'close')) as [number]
  expect(code).toBe(0)
  await yard.start()
  const after = await yard.app().call<{ attempts: Attempt[] }>('tasks.detail', { taskId: task.id })
  expect(after.attempts.map(({ state, epoch }) => [state, epoch])).toEqual([
    ['submitted', 3],
    ['expired', 1],
  ])
  await yard.close()
  expect(execFileSync('ps', ['-eo', 'args']).toString()).not.toContain(dataDir)
})
