import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { TerminalId } from '../../../../shared/lib/ids.ts'
import { readSavedScreen } from './pty-host-files.ts'
import { isRunning, newTerminalId, openTestHost, specOf, view } from './testing.ts'

const pidIn = (text: string) => Number(/pid (\d+)/.exec(text)?.[1])
const hasEnded = async (pid: number) => {
  while (isRunning(pid)) await delay(10)
}

describe('when something dies', () => {
  it('every terminal outlives the app and its process group, and is attached again with the same screen', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'switchyard-app-'))
    const spec = { ...specOf(dataDir), terminalId: newTerminalId(), argv: ['sh', '-c', 'echo before; cat'] }
    const testing = pathToFileURL(join(import.meta.dirname, 'testing.ts')).href
    const app = `const { newTestClient, view } = await import('${testing}')
      const spec = ${JSON.stringify(spec)}
      const client = newTestClient(spec.cwd)
      await client.start(spec)
      await view(client, spec.terminalId).text(/before/)
      console.log('working')`
    const child = spawn(process.execPath, ['--input-type=module', '-e', app], {
      detached: true,
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    process.kill(-(child.pid ?? 0), 'SIGKILL')
    await once(child, 'exit')

    await using host = await openTestHost(dataDir)
    expect(await host.client.list()).toMatchObject([{ terminalId: spec.terminalId, runtime: { kind: 'alive' } }])
    const viewer = view(host.client, spec.terminalId)
    expect((await viewer.frame('snapshot')).text).toContain('before')
    await host.client.write({ terminalId: spec.terminalId, writerId: 'w', seq: 0, data: 'after\n' })
    await viewer.text(/after/)
  })

  it('tells that the host is lost, finds what outlived it, and starts another', async () => {
    await using host = await openTestHost()
    const hangs = await host.start(['sh', '-c', 'trap "" HUP; echo "pid $$"; sleep 1000; sleep 1000'])
    const plain = await host.start(['cat'])
    const survivor = pidIn(await view(host.client, hangs).text(/pid \d+/))
    const [, info] = await host.client.list()
    process.kill(await host.hostPid(), 'SIGKILL')
    const lost = await host.event('host-lost')
    expect([...lost.terminalIds].sort()).toEqual([hangs, plain].sort())
    await hasEnded(info?.pid ?? 0)

    expect(await host.client.list()).toEqual([])
    const survivors = await host.client.findSurvivors([hangs, plain])
    expect(survivors.map(({ pid }) => pid)).toContain(survivor)
    expect(survivors.every(({ terminalId }) => terminalId === hangs)).toBe(true)
    await host.client.endSurvivors([hangs, plain], 100)
    expect(await host.client.findSurvivors([hangs, plain])).toEqual([])
    expect(isRunning(survivor)).toBe(false)
  })

  it('ends a whole process tree, politely and then by force, and nothing else', async () => {
    await using host = await openTestHost()
    const script = [
      'sleep 1000 &',
      'setsid sleep 1000 &',
      '(setsid sh -c "trap \\"\\" HUP TERM; echo armed; sleep 1000; sleep 1000" &);',
      'sh -c "echo stopping; kill -STOP \\$\\$" &',
      'echo "pid $$"; wait',
    ].join(' ')
    const terminalId = await host.start(['sh', '-c', script])
    const other = await host.start(['cat'])
    // Each says when it is ready to be asked to end.
    const viewer = view(host.client, terminalId)
    for (const ready of [/pid \d+/, /armed/, /stopping/]) await viewer.text(ready)
    const result = await host.client.stop(terminalId, { graceMs: 400 })
    expect(result.remaining).toEqual([])
    expect(result.ended.length).toBeGreaterThanOrEqual(4)
    expect(result.killed.length).toBeGreaterThanOrEqual(1)
    expect([...result.ended, ...result.killed].filter(({ pid }) => isRunning(pid))).toEqual([])
    expect(await host.client.list()).toMatchObject([
      { terminalId, runtime: { kind: 'exited' } },
      { terminalId: other, runtime: { kind: 'alive' } },
    ])
  })

  it('keeps the last screen in a file, and drops it when the terminal is forgotten', async () => {
    await using host = await openTestHost()
    const terminalId = await host.start(['sh', '-c', 'printf "\\033[32mlast words"'])
    await host.event('exited')
    let saved = await readSavedScreen(host.dataDir, terminalId)
    while (!saved) {
      await delay(10)
      saved = await readSavedScreen(host.dataDir, terminalId)
    }
    expect(saved).toMatchObject({ terminalId, cols: 80, rows: 24, runtime: { kind: 'exited', code: 0 } })
    expect(saved.text).toContain('last words')
    await host.client.forget(terminalId)
    expect(await readSavedScreen(host.dataDir, terminalId)).toBe(null)
    expect(await host.client.list()).toEqual([])
  })

  it('starts a viewer that fell behind afresh, while others and the program go on', async () => {
    await using host = await openTestHost()
    const flood =
      'stty -opost; echo ready; read go; yes 0123456789012345678901234567890123456789 | head -c 8000000; echo; echo finished; read end'
    const terminalId: TerminalId = await host.start(['sh', '-c', flood])
    const slow = view(host.client, terminalId, { acknowledges: false, windowId: 'slow', viewerId: 'slow-viewer' })
    const quick = view(host.client, terminalId, { windowId: 'quick' })
    await Promise.all([slow.text(/ready/), quick.text(/ready/)])
    await host.client.write({ terminalId, writerId: 'w', seq: 0, data: '\n' })
    await quick.text(/finished/)
    const sent = slow.frames.reduce((sum, frame) => sum + ('text' in frame ? frame.text.length : 0), 0)
    expect(sent).toBeLessThan(1_000_000)
    expect(slow.frames.some((frame) => 'text' in frame && frame.text.includes('finished'))).toBe(false)
    await host.client.acknowledge('slow-viewer', sent)
    await slow.text(/finished/)
    expect(slow.frames.filter(({ kind }) => kind === 'snapshot').length).toBeGreaterThan(1)
  })
})
