import type { BrowserWindow, BrowserWindowConstructorOptions } from 'electron'
import { EventEmitter } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageChannel } from 'node:worker_threads'
import { afterAll, describe, expect, test } from 'vitest'
import { createAppProtocol } from './app-protocol.ts'
import { menuTemplate } from './menu-template.ts'
import { openWindow } from './open-window.ts'
import { createPortHandOver, portGiven, portWanted } from './port-hand-over.ts'
import { appAddress, externalAddress, isOwnAddress, isOwnFrame, isPermissionAllowed } from './trust-rules.ts'
import { placeWindow, readWindowState, saveWindowState, type WindowState } from './window-state.ts'

const folder = mkdtempSync(join(tmpdir(), 'switchyard-desktop-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const repository = join(import.meta.dirname, '..', '..', '..')

describe('who is trusted', () => {
  test('the page itself, and nothing that looks like it', () => {
    expect(isOwnAddress(appAddress)).toBe(true)
    for (const address of [
      'app://evil/',
      'app://switchyard.evil/',
      'https://switchyard/',
      'file:///etc/passwd',
      'about:blank',
      'data:text/html,app://switchyard/',
      'javascript:0',
      '',
      'app:',
    ]) {
      expect([address, isOwnAddress(address)]).toEqual([address, false])
    }
  })

  test('a message from a frame that is gone, nested or foreign is no message', () => {
    expect(isOwnFrame({ url: appAddress, parent: null })).toBe(true)
    expect(isOwnFrame(null)).toBe(false)
    expect(isOwnFrame(undefined)).toBe(false)
    expect(isOwnFrame({ url: appAddress, parent: {} })).toBe(false)
    expect(isOwnFrame({ url: 'https://evil.example/', parent: null })).toBe(false)
  })

  test.each([
    ['https://example.com/a?b#c', 'https://example.com/a?b#c'],
    ['HTTP://EXAMPLE.com', 'http://example.com/'],
    ['https://user:pass@example.com/', null],
    ['https://example.com@evil.example/', null],
    ['file:///etc/passwd', null],
    ['smb://server/share', null],
    ['ms-msdt:/id', null],
    ['vscode://file/etc/passwd', null],
    ['javascript:alert(1)', null],
    ['mailto:a@example.com', null],
    [`https://example.com/${'a'.repeat(3000)}`, null],
    ['no address', null],
  ])('of %s the browser gets %s', (address, expected) => {
    expect(externalAddress(address)).toBe(expected)
  })

  test('permissions are denied but for the few that the app is made of', () => {
    for (const permission of ['notifications', 'clipboard-sanitized-write', 'clipboard-read', 'fullscreen']) {
      expect(isPermissionAllowed(permission, appAddress)).toBe(true)
      expect(isPermissionAllowed(permission, 'https://evil.example/')).toBe(false)
    }
    for (const permission of ['media', 'geolocation', 'midi', 'openExternal', 'usb', 'hid', 'serial', 'unknown']) {
      expect(isPermissionAllowed(permission, appAddress)).toBe(false)
    }
  })
})

describe('the scheme of the app', () => {
  writeFileSync(join(folder, 'index.html'), '<!doctype html>')
  const page = { file: join(folder, 'index.html'), type: 'text/html; charset=utf-8', cacheControl: 'no-store' }
  const answer = createAppProtocol(new Map([['/', page]]))
  const ask = (url: string, method = 'GET') => answer({ url, method })

  test('serves the page with the headers that guard it', async () => {
    const response = ask(appAddress)
    expect(await response.text()).toBe('<!doctype html>')
    expect(response.headers.get('content-security-policy')).toContain("connect-src 'self';")
    expect(response.headers.get('content-security-policy')).toContain("require-trusted-types-for 'script'")
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8')
    expect(await ask(appAddress, 'HEAD').text()).toBe('')
  })

  test('knows nothing outside its table', () => {
    for (const path of ['index.html', '../main.js', '%2e%2e/main.js', '..%2fmain.js', '/etc/passwd', 'C:/x']) {
      expect(ask(appAddress + path).status).toBe(404)
    }
    expect(ask('app://other/').status).toBe(403)
    expect(ask(appAddress, 'POST').status).toBe(405)
  })
})

/** Stands where Electron's window would be and writes down what it is told. */
const openRecordedWindow = (saved: WindowState | null = null) => {
  const offered: string[] = []
  const savedStates: WindowState[] = []
  let options: BrowserWindowConstructorOptions = {}
  let openHandler: (details: { url: string }) => unknown = () => undefined
  const told: Record<string, unknown> = {}
  const session = Object.assign(new EventEmitter(), {
    setPermissionRequestHandler: (handler: unknown) => (told['request'] = handler),
    setPermissionCheckHandler: (handler: unknown) => (told['check'] = handler),
    setDevicePermissionHandler: (handler: unknown) => (told['device'] = handler),
  })
  const webContents = Object.assign(new EventEmitter(), {
    session,
    setWindowOpenHandler: (handler: typeof openHandler) => (openHandler = handler),
  })
  const window = Object.assign(new EventEmitter(), {
    webContents,
    loadURL: async (url: string) => (told['loaded'] = url),
    maximize: () => (told['maximised'] = true),
    show: () => (told['shown'] = true),
    isMaximized: () => false,
    getNormalBounds: () => ({ x: 1, y: 2, width: 900, height: 600 }),
  })
  openWindow({
    preload: '/p.js',
    icon: '/i.png',
    saved,
    displays: [{ x: 0, y: 0, width: 1920, height: 1080 }],
    makeWindow: (given) => {
      options = given
      return window as unknown as BrowserWindow
    },
    offerExternal: (address) => offered.push(address),
    save: (state) => savedStates.push(state),
  })
  const emit = (name: string, details: object = {}) => {
    let prevented = false
    webContents.emit(name, { ...details, preventDefault: () => (prevented = true) })
    return prevented
  }
  return { window, session, options, offered, savedStates, told, emit, open: (url: string) => openHandler({ url }) }
}

describe('the window', () => {
  test('is sandboxed and isolated, without Node, web views or insecure content', () => {
    const { options, told } = openRecordedWindow()
    expect(options.webPreferences).toMatchObject({
      preload: '/p.js',
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInSubFrames: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      webviewTag: false,
    })
    expect(told['loaded']).toBe(appAddress)
  })

  test('never leaves the page: web addresses are offered to the browser, everything else is dropped', () => {
    const { emit, open, offered } = openRecordedWindow()
    expect(emit('will-navigate', { url: 'https://example.com/' })).toBe(true)
    expect(emit('will-navigate', { url: 'file:///etc/passwd' })).toBe(true)
    expect(emit('will-navigate', { url: appAddress })).toBe(false)
    expect(emit('will-redirect', { url: 'https://example.com/' })).toBe(true)
    expect(emit('will-frame-navigate', { isMainFrame: false })).toBe(true)
    expect(emit('will-attach-webview')).toBe(true)
    expect(open('https://example.org/')).toEqual({ action: 'deny' })
    expect(open('javascript:alert(1)')).toEqual({ action: 'deny' })
    expect(offered).toEqual(['https://example.com/', 'https://example.org/'])
  })

  test('denies permissions, devices and downloads', () => {
    const { told, session } = openRecordedWindow()
    const answers: boolean[] = []
    const request = told['request'] as (c: null, p: string, a: (yes: boolean) => void, d: object) => void
    for (const permission of ['media', 'notifications']) {
      request(null, permission, (yes) => answers.push(yes), { requestingUrl: appAddress })
    }
    expect(answers).toEqual([false, true])
    const check = told['check'] as (c: null, p: string, origin: string) => boolean
    expect([check(null, 'media', appAddress), check(null, 'notifications', appAddress)]).toEqual([false, true])
    expect((told['device'] as () => boolean)()).toBe(false)
    let prevented = false
    session.emit('will-download', { preventDefault: () => (prevented = true) })
    expect(prevented).toBe(true)
  })

  test('appears when it has drawn itself, and its place is kept when it closes', () => {
    const { window, told, savedStates } = openRecordedWindow({ x: 5, y: 5, width: 800, height: 600, isMaximised: true })
    expect(told['maximised']).toBe(true)
    expect(told['shown']).toBeUndefined()
    window.emit('ready-to-show')
    expect(told['shown']).toBe(true)
    window.emit('close')
    expect(savedStates).toEqual([{ x: 1, y: 2, width: 900, height: 600, isMaximised: false }])
  })

  test('opens where it was, unless that display is gone', () => {
    const saved = { x: 2000, y: 100, width: 800, height: 600, isMaximised: false }
    const one = { x: 0, y: 0, width: 1920, height: 1080 }
    const two = { x: 1920, y: 0, width: 1920, height: 1080 }
    expect(placeWindow(saved, [one, two])).toEqual({ x: 2000, y: 100, width: 800, height: 600 })
    expect(placeWindow(saved, [one])).toEqual({ width: 800, height: 600 })
    expect(placeWindow({ ...saved, x: 0, y: 1070 }, [one])).toEqual({ width: 800, height: 600 })
    expect(placeWindow({ ...saved, x: 0, width: 10, height: 10 }, [one])).toMatchObject({ width: 720, height: 480 })
    expect(placeWindow(null, [one])).toEqual({ width: 1280, height: 800 })
  })

  test('its place is a private file, and a damaged one counts as none', () => {
    const file = join(folder, 'window.json')
    expect(readWindowState(file)).toBeNull()
    const state = { x: 1, y: 2, width: 3, height: 4, isMaximised: true }
    saveWindowState(file, state)
    expect(readWindowState(file)).toEqual(state)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    for (const text of ['', '{}', '[1]', '{"x":"1"}']) {
      writeFileSync(file, text)
      expect(readWindowState(file)).toBeNull()
    }
  })
})

describe('the message port', () => {
  const channels: MessageChannel[] = []
  afterAll(() => channels.forEach(({ port1, port2 }) => [port1, port2].forEach((port) => port.close())))
  const create = () => {
    const served: unknown[] = []
    const given: unknown[][] = []
    const handOver = createPortHandOver<MessageChannel['port1']>({
      makeChannel: () => {
        const channel = new MessageChannel()
        channels.push(channel)
        return channel
      },
      serve: (port) => served.push(port),
    })
    const sender = { postMessage: (...args: unknown[]) => given.push(args) }
    return { handOver, sender, served, given }
  }
  const ownFrame = { url: appAddress, parent: null }

  test('goes to the page itself', () => {
    const { handOver, sender, served, given } = create()
    expect(handOver.give({ senderFrame: ownFrame, sender })).toBe(true)
    expect(served).toEqual([channels.at(-1)?.port1])
    expect(given).toEqual([[portGiven, null, [channels.at(-1)?.port2]]])
    handOver.close()
  })

  test('goes to nobody else', () => {
    const { handOver, sender, served, given } = create()
    for (const senderFrame of [
      null,
      undefined,
      { url: 'https://evil.example/', parent: null },
      { ...ownFrame, parent: {} },
    ]) {
      expect(handOver.give({ senderFrame, sender })).toBe(false)
    }
    expect([served, given]).toEqual([[], []])
  })

  test('is one: a reload closes the port of the load before', async () => {
    const { handOver, sender } = create()
    handOver.give({ senderFrame: ownFrame, sender })
    const first = channels.at(-1)!
    const closed = new Promise((resolve) => first.port2.once('close', () => resolve('closed')))
    handOver.give({ senderFrame: ownFrame, sender })
    expect(await closed).toBe('closed')
    handOver.close()
  })

  test('is asked for and given by the same names in the host, the preload and the page', () => {
    const preload = readFileSync(join(repository, 'electron', 'preload.ts'), 'utf8')
    const page = readFileSync(join(repository, 'renderer', 'data', 'port-transport.ts'), 'utf8')
    for (const text of [preload, page]) {
      expect(text).toContain(`portWanted = '${portWanted}'`)
      expect(text).toContain(`portGiven = '${portGiven}'`)
    }
  })
})

describe('the menu', () => {
  const keysOf = (platform: NodeJS.Platform) =>
    menuTemplate(platform, () => undefined)
      .flatMap((menu) => (menu.submenu as { registerAccelerator?: boolean; accelerator?: string }[]) ?? [])
      .filter((item) => item.accelerator !== undefined || item.registerAccelerator === true)

  test('takes no key from the terminal outside macOS', () => {
    expect(keysOf('linux')).toEqual([])
    expect(keysOf('win32')).toEqual([])
    expect(keysOf('darwin')).not.toEqual([])
  })

  test('says that sessions go on after quitting', () => {
    let quits = 0
    for (const platform of ['linux', 'darwin'] as const) {
      const items = menuTemplate(platform, () => quits++).flatMap(
        (menu) => menu.submenu as { label?: string; click?: () => void }[],
      )
      items.find((item) => item.label === 'Quit (sessions go on)')?.click?.()
    }
    expect(quits).toBe(2)
  })
})
