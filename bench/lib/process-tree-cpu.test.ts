import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { parseStat, treeCpuMs, treeOf } from './process-tree-cpu.ts'

test('a line of the system is read also when the name of the program holds parentheses', () => {
  const line = `42 (a) b (c)) S 7 42 42 0 -1 4194560 1 2 3 4 10 20 300 4000 20 0 1 0 5 6 7`
  expect(parseStat(line)).toEqual({ pid: 42, parent: 7, ticks: 4330 })
})

test('what runs below a process counts, what runs beside it does not', () => {
  const times = (pid: number, parent: number) => ({ pid, parent, ticks: 1 })
  const all = [times(1, 0), times(2, 1), times(3, 2), times(4, 3), times(5, 1)]
  expect(treeOf(2, all).map(({ pid }) => pid)).toEqual([2, 3, 4])
  expect(treeOf(9, all)).toEqual([])
})

/** Starts a process of its own that keeps a core busy for a while, waits for its end, and lives on. */
const parent = `
const busy = 'const end = process.cpuUsage().user + 150000; while (process.cpuUsage().user < end);'
require('node:child_process').spawnSync(process.execPath, ['-e', busy])
process.stdout.write('done')
process.stdin.resume()`

test('the work of processes that a living child started, and that ended, is counted', async () => {
  const before = await treeCpuMs()
  const child = spawn(process.execPath, ['-e', parent], { stdio: ['pipe', 'pipe', 'inherit'], detached: true })
  await once(child.stdout, 'data')
  expect((await treeCpuMs()) - before).toBeGreaterThanOrEqual(150)
  expect(await treeCpuMs(child.pid)).toBeGreaterThanOrEqual(150)
  child.stdin.end()
  await once(child, 'exit')
})
