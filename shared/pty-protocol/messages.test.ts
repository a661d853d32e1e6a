import { describe, expect, it } from 'vitest'
import { hostAddressSchema } from './host-files.ts'
import { commandSchema, helloSchema, hostEventSchema, hostMessageSchema, protocolRange } from './messages.ts'
import { paletteSchema, savedScreenSchema, terminalSpecSchema } from './terminals.ts'

const terminalId = 'trm_01ARZ3NDEKTSV4RRFFQ69G5FAV'
const spec = {
  terminalId,
  argv: ['/bin/sh', '-l'],
  cwd: '/repo',
  env: { PATH: '/bin' },
  cols: 80,
  rows: 24,
  scrollbackRows: 5000,
}
const write = { kind: 'write', terminalId, writerId: 'w', seq: 0, data: 'ls\r' }

describe('a command to the PTY host', () => {
  it.each([
    ['start', { kind: 'start', spec }, true],
    ['start of nothing', { kind: 'start', spec: { ...spec, argv: [] } }, false],
    ['start of another id', { kind: 'start', spec: { ...spec, terminalId: 'ses_01ARZ3NDEKTSV4RRFFQ69G5FAV' } }, false],
    ['start nowhere', { kind: 'start', spec: { ...spec, cwd: '' } }, false],
    ['start with a nameless variable', { kind: 'start', spec: { ...spec, env: { '': 'x' } } }, false],
    ['start with an endless argument', { kind: 'start', spec: { ...spec, argv: ['a'.repeat(131_073)] } }, false],
    ['write', write, true],
    ['write of a megabyte', { ...write, data: 'a'.repeat(1024 * 1024) }, true],
    ['write of more', { ...write, data: 'a'.repeat(1024 * 1024 + 1) }, false],
    ['write before the first', { ...write, seq: -1 }, false],
    ['write of nobody', { ...write, writerId: '' }, false],
    ['resize', { kind: 'resize', terminalId, cols: 2, rows: 1 }, true],
    ['resize to one column', { kind: 'resize', terminalId, cols: 1, rows: 24 }, false],
    ['resize beyond reason', { kind: 'resize', terminalId, cols: 80, rows: 501 }, false],
    ['resize by half a row', { kind: 'resize', terminalId, cols: 80, rows: 24.5 }, false],
    ['signal', { kind: 'signal', terminalId, signal: 'SIGINT' }, true],
    ['signal of no use', { kind: 'signal', terminalId, signal: 'SIGSTOP' }, false],
    ['stop', { kind: 'stop', terminalId, graceMs: 0 }, true],
    ['stop in eleven minutes', { kind: 'stop', terminalId, graceMs: 660_000 }, false],
    ['attach', { kind: 'attach', terminalId, viewerId: 'v', windowId: 'w', channel: 0xffff_ffff }, true],
    ['attach to no channel', { kind: 'attach', terminalId, viewerId: 'v', windowId: 'w', channel: 2 ** 32 }, false],
    ['detach', { kind: 'detach', viewerId: 'v' }, true],
    ['acknowledge', { kind: 'acknowledge', viewerId: 'v', units: 1 }, true],
    ['acknowledge nothing', { kind: 'acknowledge', viewerId: 'v', units: 0 }, false],
    ['focus on nothing', { kind: 'focus', windowId: 'w', terminalId: null }, true],
    ['read where it reads', { kind: 'readInputPlace', terminalId }, true],
    ['write unless touched', { kind: 'writeUnlessTouched', terminalId, data: 'x', inputs: 0, outputUnits: null }, true],
    ['write unless touched since when', { kind: 'writeUnlessTouched', terminalId, data: 'x', outputUnits: 0 }, false],
    ['find survivors', { kind: 'findSurvivors', terminalIds: [terminalId] }, true],
    ['list', { kind: 'list' }, true],
    ['something of a later version', { kind: 'teleport' }, false],
  ])('%s is taken or refused', (_name, command, expected) => {
    expect(commandSchema.safeParse(command).success).toBe(expected)
  })

  it('loses what is not declared, so nothing unknown reaches the host', () => {
    expect(commandSchema.parse({ ...write, shell: true })).toEqual(write)
    expect(terminalSpecSchema.parse({ ...spec, uid: 0 })).toEqual(spec)
  })
})

describe('the greeting', () => {
  it('tells a range of versions that is one, and a token that is no book', () => {
    expect(protocolRange.min).toBeLessThanOrEqual(protocolRange.max)
    const hello = { kind: 'hello', protocol: protocolRange, token: 't' }
    expect(helloSchema.safeParse(hello).success).toBe(true)
    expect(helloSchema.safeParse({ ...hello, token: 't'.repeat(257) }).success).toBe(false)
    expect(helloSchema.safeParse({ ...hello, protocol: 1 }).success).toBe(false)
  })

  it('is refused with a known code, for a request or for the connection', () => {
    const refused = {
      kind: 'refused',
      request: null,
      code: 'incompatible',
      message: 'Update.',
      protocol: protocolRange,
    }
    expect(hostMessageSchema.parse(refused)).toEqual(refused)
    expect(hostMessageSchema.safeParse({ ...refused, code: 'teapot' }).success).toBe(false)
    expect(hostMessageSchema.safeParse({ ...refused, request: 'x' }).success).toBe(false)
  })
})

describe('news of the PTY host', () => {
  it.each([
    [{ kind: 'bell', terminalId }, true],
    [{ kind: 'title', terminalId, title: '' }, true],
    [{ kind: 'exited', terminalId, code: null, signal: 'SIGKILL', at: 1 }, true],
    [{ kind: 'exited', terminalId, code: 0.5, signal: null, at: 1 }, false],
    [{ kind: 'bell', terminalId: 'x' }, false],
    [{ kind: 'title', terminalId }, false],
  ])('%j is understood: %s', (event, expected) => {
    expect(hostEventSchema.safeParse(event).success).toBe(expected)
  })
})

describe('what the host keeps in files', () => {
  it('is its address: a process that can exist', () => {
    const address = { pid: 12, startTime: null, socketPath: '/data/pty-host.sock' }
    expect(hostAddressSchema.parse(address)).toEqual(address)
    for (const pid of [0, -1, 1.5, '12']) expect(hostAddressSchema.safeParse({ ...address, pid }).success).toBe(false)
  })

  it('is a saved screen of this version only', () => {
    const saved = {
      version: 1,
      terminalId,
      savedAt: 1,
      cols: 80,
      rows: 24,
      title: '',
      cwd: '/',
      runtime: { kind: 'alive' },
      text: '',
    }
    expect(savedScreenSchema.safeParse(saved).success).toBe(true)
    expect(savedScreenSchema.safeParse({ ...saved, version: 2 }).success).toBe(false)
    expect(savedScreenSchema.safeParse({ ...saved, runtime: { kind: 'lost' } }).success).toBe(false)
  })

  it('is a palette of sixteen colours that are colours', () => {
    const palette = { foreground: '#ffffff', background: '#000000', ansi: Array.from({ length: 16 }, () => '#12aB9f') }
    expect(paletteSchema.safeParse(palette).success).toBe(true)
    expect(paletteSchema.safeParse({ ...palette, ansi: palette.ansi.slice(1) }).success).toBe(false)
    for (const foreground of ['white', '#fff', '#fffffff', '#fffffg', '#ffffff;x'])
      expect(paletteSchema.safeParse({ ...palette, foreground }).success).toBe(false)
  })
})
