import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from '@playwright/test'
import { startAgain } from './fixtures/app.ts'
import { expect, test, watchPage } from './fixtures/test.ts'
import { Shell } from './pages/shell.ts'

// Another program on this machine with a page of its own, open in the same browser as the app.
let neighbour: Server
let neighbourPort = 0
test.beforeAll(async () => {
  neighbour = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<p>neighbour'))
  await new Promise<void>((resolve) => {
    neighbour.listen(0, '127.0.0.1', resolve)
  })
  neighbourPort = (neighbour.address() as AddressInfo).port
})
test.afterAll(() => void neighbour.close())

/** Everything a page can try against another origin. Runs in the page; answers what came of each try. */
const attack = async ({ app, code }: { app: string; code: string }): Promise<Record<string, string>> => {
  const outcomes: Record<string, string> = {}
  const attempt = async (name: string, work: () => Promise<string>) => {
    outcomes[name] = await work().catch(() => 'refused')
  }
  const bodies = {
    json: ['application/json', JSON.stringify({ code })],
    text: ['text/plain', JSON.stringify({ code })],
    form: ['application/x-www-form-urlencoded', `code=${code}`],
  } as const
  for (const mode of ['cors', 'no-cors', 'same-origin'] as const) {
    for (const path of ['/', '/auth/ticket', '/auth/code', '/rpc']) {
      await attempt(`get ${mode} ${path}`, async () => {
        const response = await fetch(app + path, { mode, credentials: 'include' })
        return response.type === 'opaque' ? 'opaque' : `read ${response.status}`
      })
      for (const [kind, [type, body]] of Object.entries(bodies)) {
        await attempt(`post ${kind} ${mode} ${path}`, async () => {
          const init = {
            method: 'POST',
            mode,
            credentials: 'include',
            headers: { 'content-type': type },
            body,
          } as const
          const response = await fetch(app + path, init)
          return response.type === 'opaque' ? 'opaque' : `read ${response.status}`
        })
      }
    }
  }
  const element = (name: 'script' | 'img' | 'iframe' | 'link', url: string) =>
    new Promise<string>((resolve) => {
      const made = document.createElement(name)
      made.addEventListener('load', () =>
        resolve(name === 'iframe' ? frameOutcome(made as HTMLIFrameElement) : 'loaded'),
      )
      made.addEventListener('error', () => resolve('refused'))
      if (made instanceof HTMLLinkElement) {
        made.rel = 'stylesheet'
        made.href = url
      } else {
        made.src = url
      }
      document.body.append(made)
    })
  // A frame that was refused shows an error page of the browser's, which also counts as loaded but cannot be read.
  const frameOutcome = (frame: HTMLIFrameElement) => (frame.contentDocument === null ? 'refused' : 'loaded')
  for (const name of ['script', 'img', 'iframe', 'link'] as const) await attempt(name, () => element(name, `${app}/`))
  for (const protocols of [[], ['switchyard.v1'], ['switchyard.v1', 'ticket.AAAA']]) {
    await attempt(
      `socket ${protocols.join(' ')}`,
      () =>
        new Promise((resolve) => {
          const socket = new WebSocket(`${app.replace('http', 'ws')}/rpc`, protocols)
          socket.addEventListener('open', () => resolve('opened'))
          socket.addEventListener('error', () => resolve('refused'))
        }),
    )
  }
  return outcomes
}

/** `opaque` answers tell a page nothing, and none of them may have had an effect. */
const expectNothingGot = (outcomes: Record<string, string>) => {
  const got = Object.entries(outcomes).filter(([, outcome]) => outcome !== 'refused' && outcome !== 'opaque')
  expect(got).toEqual([])
  expect(Object.keys(outcomes)).toHaveLength(55)
}

const codeOf = (link: string) => new URL(link).hash.replace('#code=', '')

const openAttacker = async (page: Page, address: string) => {
  await page.goto(address)
  await expect(page.locator('p')).toHaveText('neighbour')
}

test('no page of a neighbour gets anything, although the browser holds our cookie', async ({
  start,
  home,
  dataDir,
  context,
  page,
  violations,
}) => {
  const app = await start()
  watchPage(page, violations)
  const shell = new Shell(page)
  await shell.open(app.link)

  for (const host of ['127.0.0.1', 'localhost']) {
    const second = await startAgain({ home, dataDir })
    const attacker = await context.newPage()
    await openAttacker(attacker, `http://${host}:${neighbourPort}/`)
    expectNothingGot(await attacker.evaluate(attack, { app: app.origin, code: codeOf(second.link) }))
    // The code was not spent by any of it.
    const other = await context.newPage()
    await new Shell(other).open(second.link)
    await other.close()
    await attacker.close()
  }

  await page.reload()
  await shell.waitUntilConnected()
  expect(violations).toEqual([])
})

test('a name that was pointed at this machine gets nothing', async ({ start, home, dataDir, context, page }) => {
  const app = await start()
  await new Shell(page).open(app.link)
  const attacker = await context.newPage()
  const rebound = `http://rebind.example:${app.port}`

  // The name leads here already: the very first request is refused.
  const response = await attacker.goto(`${rebound}/`)
  expect(response?.status()).toBe(421)

  // The page came from elsewhere and the name was pointed here afterwards: same origin for the browser, not for us.
  await attacker.route(`${rebound}/page`, (route) => route.fulfill({ contentType: 'text/html', body: '<p>neighbour' }))
  await openAttacker(attacker, `${rebound}/page`)
  const second = await startAgain({ home, dataDir })
  const outcomes = await attacker.evaluate(attack, { app: rebound, code: codeOf(second.link) })
  const got = Object.entries(outcomes).filter(
    ([name, outcome]) => !['refused', 'opaque', 'read 421'].includes(outcome) && name !== 'iframe',
  )
  expect(got).toEqual([])
  await new Shell(page).open(second.link)
})

test('the link lets one browser in, once; that browser stays in', async ({ start, browser, page }) => {
  const app = await start()
  const shell = new Shell(page)
  await shell.open(app.link)
  expect(new URL(page.url()).hash).toBe('')
  for (let reload = 0; reload < 2; reload++) {
    await page.reload()
    await shell.waitUntilConnected()
  }
  const elsewhere = await browser.newContext()
  const stranger = await elsewhere.newPage()
  await stranger.goto(app.link)
  await new Shell(stranger).waitUntilRefused()
  await elsewhere.close()
})

test('an open page comes back by itself after the app was killed and started again', async ({ start, page }) => {
  const first = await start()
  const shell = new Shell(page)
  await shell.open(first.link)
  await first.kill()
  await shell.waitUntilAway()
  await start({ port: first.port })
  await shell.waitUntilConnected()
})
