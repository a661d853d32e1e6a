import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { isRunning, newTerminalId, openTestHost, specOf, view, type TestHost } from './testing.ts'

let host: TestHost
beforeEach(async () => {
  host = await openTestHost()
})
afterEach(() => host[Symbol.asyncDispose]())

const exitOf = (terminalId: string) => host.event('exited', (event) => event.terminalId === terminalId)

describe('the PTY host', () => {
  it('runs a program, shows its output and tells how it ended', async () => {
    const terminalId = await host.start(['sh', '-c', 'printf "hello \\033[31mred\\033[m"; exit 3'])
    expect(await exitOf(terminalId)).toMatchObject({ code: 3, signal: null })
    expect(await host.client.readScreenText(terminalId)).toBe('hello red')
    const viewer = view(host.client, terminalId)
    expect((await viewer.frame('snapshot')).text).toContain('red')
    expect(await viewer.frame('exited')).toEqual({ kind: 'exited', code: 3, signal: null })
  })

  it('says where a program reads, and writes there unless somebody else did or it printed meanwhile', async () => {
    const terminalId = await host.start(['sh', '-c', 'printf "\\033[?2004hhello\\n> \\033[2mhint\\033[m\\033[4D"; cat'])
    const place = () => host.client.readInputPlace(terminalId)
    const until = (before: string) => vi.waitUntil(async () => (await place())?.before === before, { timeout: 60_000 })
    await until('> ')
    const first = await place()
    // What is written faintly is no text.
    expect(first).toMatchObject({
      before: '> ',
      after: '',
      cursorRow: 1,
      takesPaste: true,
      inputs: 0,
      lastInputAt: null,
    })
    expect(first?.rows.slice(0, 2)).toEqual(['hello', '> hint'])
    const { outputUnits } = first!
    const write = (data: string, inputs: number, units: number | null) =>
      host.client.writeUnlessTouched({ terminalId, data, inputs, outputUnits: units })
    expect(await write('x', 0, outputUnits - 1)).toEqual({ isWritten: false, inputs: 0 })
    expect(await write('ours', 0, outputUnits)).toEqual({ isWritten: true, inputs: 1 })
    await until('> ours')
    expect(await write('late', 1, outputUnits)).toEqual({ isWritten: false, inputs: 1 })
    await host.client.write({ terminalId, writerId: 'window', seq: 1, data: 'T' })
    expect(await write('\r', 1, null)).toEqual({ isWritten: false, inputs: 2 })
    await until('> oursT')
    expect((await place())?.lastInputAt).toEqual(expect.any(Number))
  })

  it('has no place to write in where nothing runs', async () => {
    const terminalId = await host.start(['true'])
    await exitOf(terminalId)
    for (const id of [terminalId, newTerminalId()]) {
      expect(await host.client.readInputPlace(id)).toBeNull()
      expect(
        await host.client.writeUnlessTouched({ terminalId: id, data: 'x', inputs: 0, outputUnits: null }),
      ).toBeNull()
    }
  })

  it('tells the signal that ended a program', async () => {
    const terminalId = await host.start(['sh', '-c', 'kill -TERM $$'])
    expect(await exitOf(terminalId)).toMatchObject({ code: null, signal: 'SIGTERM' })
  })

  it('gives a program the environment it was told, and nothing else but its mark', async () => {
    const terminalId = await host.start(['/usr/bin/env'], { env: { PATH: '/usr/bin:/bin', ONLY: 'this' } })
    await exitOf(terminalId)
    const lines = (await host.client.readScreenText(terminalId)).split('\n').sort()
    const pwd = `PWD=${host.dataDir}`
    expect(lines).toEqual(
      ['ONLY=this', 'PATH=/usr/bin:/bin', pwd, `SWITCHYARD_TERMINAL=${terminalId}`, 'TERM=xterm-256color'].sort(),
    )
  })

  it.runIf(process.platform === 'linux')('lets a program inherit none of the other terminals', async () => {
    const others = await Promise.all(Array.from({ length: 24 }, () => host.start(['cat'])))
    // Terminals that were closed leave numbers between those that are open, some of them side by side.
    for (const id of others.filter((_id, index) => index % 5 > 2)) await host.client.stop(id, { graceMs: 0 })
    for (const _again of [1, 2, 3]) {
      const terminalId = await host.start([
        'sh',
        '-c',
        'for fd in /proc/$$/fd/*; do echo "${fd##*/} $(readlink $fd)"; done',
      ])
      await exitOf(terminalId)
      const open = (await host.client.readScreenText(terminalId)).trim().split('\n')
      expect(open.slice(0, 3)).toEqual([0, 1, 2].map((fd) => expect.stringMatching(`^${fd} /dev/pts/\\d+$`)))
      // What the tests themselves were started with may be there too; it is no terminal.
      expect(open.slice(3).filter((line) => line.includes('/dev/'))).toEqual([])
    }
  })

  it('starts a terminal once, however often it is asked', async () => {
    const spec = {
      ...specOf(host.dataDir),
      terminalId: newTerminalId(),
      argv: ['sh', '-c', 'echo started >> log; echo ready; cat'],
    }
    const [first, second] = await Promise.all([host.client.start(spec), host.client.start(spec)])
    const third = await host.client.start(spec)
    expect([first.isNew, second.isNew, third.isNew].filter(Boolean)).toHaveLength(1)
    expect(new Set([first.pid, second.pid, third.pid]).size).toBe(1)
    expect(first.startTime).toMatch(/^\d+$/)
    expect(first.bootId).toBe(readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim())
    await view(host.client, spec.terminalId).text(/ready/)
    await host.client.stop(spec.terminalId, { graceMs: 1000 })
    const afterwards = await host.client.start(spec)
    expect(afterwards).toMatchObject({ isNew: false, pid: first.pid, runtime: { kind: 'exited' } })
    expect(readFileSync(join(host.dataDir, 'log'), 'utf8')).toBe('started\n')
  })

  it('refuses a program or folder that is not there, and says what to do', async () => {
    await expect(host.start(['no-such-command'])).rejects.toThrow(/no-such-command was not found.*PATH/)
    await expect(host.start(['sh'], { cwd: '/nowhere' })).rejects.toThrow('The folder /nowhere is not there.')
  })

  it('delivers what is typed, in order and once', async () => {
    const terminalId = await host.start(['sh', '-c', 'stty -echo; echo ready; cat'])
    const viewer = view(host.client, terminalId)
    await viewer.text(/ready/)
    const write = (seq: number, data: string) => host.client.write({ terminalId, writerId: 'w', seq, data })
    await Promise.all([write(0, 'a'), write(1, 'b'), write(1, 'b'), write(0, 'a'), write(2, 'c\n')])
    await viewer.text(/abc/)
    expect(await host.client.readScreenText(terminalId)).toBe('ready\nabc')
    await host.client.stop(terminalId, { graceMs: 0 })
    expect(await write(3, 'd')).toBe(false)
  })

  it('delivers a paste of a megabyte to the last byte', async () => {
    const terminalId = await host.start(['sh', '-c', 'stty raw -echo; echo ready; head -c 1048576 > pasted; echo done'])
    const viewer = view(host.client, terminalId)
    await viewer.text(/ready/)
    const paste = Array.from({ length: 2 ** 17 }, (_, line) => String(line).padStart(7, '0')).join('\n') + '\n'
    expect(paste).toHaveLength(2 ** 20)
    for (let at = 0; at < paste.length; at += 400_000) {
      await host.client.write({ terminalId, writerId: 'w', seq: at, data: paste.slice(at, at + 400_000) })
    }
    await viewer.text(/done/)
    expect(readFileSync(join(host.dataDir, 'pasted'), 'utf8')).toBe(paste)
  })

  it('resizes the program and every view of it', async () => {
    const terminalId = await host.start(['sh', '-c', 'echo ready; while :; do stty size; sleep 0.05; done'])
    const viewer = view(host.client, terminalId)
    await viewer.text(/ready/)
    await host.client.resize(terminalId, 100, 30)
    await viewer.text(/30 100/)
    expect(await viewer.frame('resized')).toEqual({ kind: 'resized', cols: 100, rows: 30 })
  })

  it('tells title, bell, folder and notifications of a terminal nobody looks at', async () => {
    const script =
      'printf "\\033]2;a \\033title\\007\\033]2;new title\\007\\007\\033]7;file://h/tmp/a%%20b\\007\\033]777;notify;Head;Body\\007\\033]9;4;1;50\\007"'
    const terminalId = await host.start(['sh', '-c', script])
    await exitOf(terminalId)
    await host.event('title', (event) => event.title === 'new title')
    await host.event('bell')
    expect(await host.event('cwd')).toMatchObject({ cwd: '/tmp/a b' })
    expect(host.events.filter((event) => event.kind === 'notification')).toMatchObject([
      { title: 'Head', body: 'Body' },
    ])
    expect(host.events.some((event) => event.kind === 'activity')).toBe(true)
    expect(await host.client.list()).toMatchObject([{ terminalId, title: 'new title', cwd: '/tmp/a b' }])
  })

  it('answers what programs ask a terminal, watched or not', async () => {
    await host.client.setPalette({ foreground: '#112233', background: '#445566', ansi: Array(16).fill('#778899') })
    const ask =
      "stty raw -echo; printf '\\033[c\\033[5n\\033]11;?\\007\\033]4;1;?\\007\\033[>q'; head -c 83 | od -An -c | tr -d ' \\n'"
    const terminalId = await host.start(['bash', '-c', ask], { cols: 400 })
    await exitOf(terminalId)
    const seen = await host.client.readScreenText(terminalId)
    expect(seen).toContain('033[?1;2c')
    expect(seen).toContain('033[0n')
    expect(seen).toContain('033]11;rgb:4444/5555/6666')
    expect(seen).toContain('033]4;1;rgb:7777/8888/9999')
    expect(seen).toContain('xterm.js')
  })

  it('keeps questions to the terminal out of the views, so that only one terminal answers', async () => {
    const terminalId = await host.start(['sh', '-c', 'echo ready; read go; printf "a\\033[cb\\033[6nc"; read end'])
    const viewer = view(host.client, terminalId)
    await viewer.text(/ready/)
    await host.client.write({ terminalId, writerId: 'w', seq: 0, data: '\n' })
    await viewer.text(/abc/)
  })

  it('survives its client and the group of its client', async () => {
    const terminalId = await host.start(['cat'])
    const pid = await host.hostPid()
    expect(readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ').slice(2, 4)).toEqual([
      String(pid),
      String(pid),
    ])
    await host.client.close()
    const again = host.newClient()
    expect(await again.list()).toMatchObject([{ terminalId, runtime: { kind: 'alive' } }])
    expect(await host.hostPid()).toBe(pid)
  })

  it('keeps its files and socket from other users', async () => {
    const mode = (name: string) => (statSync(join(host.dataDir, name)).mode & 0o777).toString(8)
    await exitOf(await host.start(['true']))
    expect([mode('.'), mode('pty-host.sock'), mode('pty-host.token'), mode('pty-host.json')]).toEqual([
      '700',
      '600',
      '600',
      '600',
    ])
    expect(mode('terminals')).toBe('700')
  })

  it('is one for each data folder: a second one ends at once', async () => {
    const { entry } = { entry: join(import.meta.dirname, '../../../pty-host.ts') }
    const second = spawn(process.execPath, [entry, '--data', host.dataDir], { stdio: ['ignore', 'pipe', 'inherit'] })
    const [code] = await new Promise<[number]>((ended) => second.once('exit', (status) => ended([status ?? -1])))
    expect(code).toBe(0)
    expect(await host.client.list()).toEqual([])
  })

  it('leaves nothing behind when told to stop all', async () => {
    const stubborn = await host.start(['sh', '-c', 'trap "" HUP TERM; setsid sleep 1000 & echo "pid $!"; sleep 1000'])
    const shown = await view(host.client, stubborn).text(/pid \d+/)
    const escaped = Number(/pid (\d+)/.exec(shown)?.[1])
    const [info] = await host.client.list()
    const pid = await host.hostPid()
    await host.client.shutdownHost(200)
    expect([pid, info?.pid ?? 0, escaped].map(isRunning)).toEqual([false, false, false])
    expect(existsSync(join(host.dataDir, 'pty-host.sock'))).toBe(false)
    expect(existsSync(join(host.dataDir, 'pty-host.json'))).toBe(false)
  })
})
