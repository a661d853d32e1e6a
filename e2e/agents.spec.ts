import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from '@playwright/test'
import { claudesIn, worktreeOf } from './fixtures/agents.ts'
import { expect, test } from './fixtures/test.ts'
import { NeedsYou } from './pages/needs-you.ts'
import { NewSessionDialog } from './pages/new-session.ts'
import { Shell } from './pages/shell.ts'
import { TerminalTile } from './pages/terminal.ts'

// The real CLI, four times at once, against a scripted model on this machine.

const tileOf = async (page: Page, title: string) => {
  const shell = new Shell(page)
  await shell.openSession(title)
  return new TerminalTile(page, await shell.sessionId(title))
}

const isWaiting = (shell: Shell, title: string) => async () => (await shell.badge(title).textContent()) === 'Needs you'

test('four agents at once: answered in the app, in the terminal and by Escape; killed and resumed; the app killed', async ({
  launch,
  home,
  repository,
  api,
  violations,
}) => {
  const app = await launch()
  const shell = new Shell(app.page)
  const needsYou = new NeedsYou(app.page)
  const dialog = new NewSessionDialog(app.page)
  await shell.waitUntilConnected()
  await shell.openProject(repository)

  await test.step('four sessions start, each in its own worktree', async () => {
    for (const [title, file] of [
      ['Alpha', 'a.txt'],
      ['Bravo', 'b.txt'],
      ['Charlie', 'c.txt'],
    ] as const) {
      await dialog.start({ title, prompt: `Write it. [[scenario:write file=${file} text="by ${title}"]]` })
    }
    await dialog.start({ title: 'Delta', mode: 'acceptEdits', prompt: 'Work. [[scenario:steps gate=delta]]' })
    for (const title of ['Alpha', 'Bravo', 'Charlie']) await shell.expectBadge(title, 'Needs you')
    await expect.poll(() => api.waiting()).toContain('delta')
    await shell.expectBadge('Delta', 'Working')
    await expect(shell.needsYouCount).toHaveText('3')
  })
  const worktree = Object.fromEntries(
    ['alpha', 'bravo', 'charlie', 'delta'].map((slug) => [slug, worktreeOf(repository, slug)]),
  ) as Record<'alpha' | 'bravo' | 'charlie' | 'delta', string>
  expect(new Set(Object.values(worktree)).size).toBe(4)
  for (const folder of Object.values(worktree)) expect(claudesIn(home, folder)).toHaveLength(1)

  await test.step('one permission is answered in the app', async () => {
    await needsYou.open()
    await needsYou.allow(await shell.sessionId('Alpha'))
    await shell.expectBadge('Alpha', 'Idle')
    expect(readFileSync(join(worktree.alpha, 'a.txt'), 'utf8')).toBe('by Alpha\n')
    await needsYou.close()
    await (await tileOf(app.page, 'Alpha')).expectText('Wrote a.txt.')
    await expect(shell.needsYouCount).toHaveText('2')
  })

  await test.step('another one in the terminal', async () => {
    const bravo = await tileOf(app.page, 'Bravo')
    await bravo.expectText('b.txt')
    await bravo.pressUntil('Enter', async () => !(await isWaiting(shell, 'Bravo')()))
    await shell.expectBadge('Bravo', 'Idle')
    expect(readFileSync(join(worktree.bravo, 'b.txt'), 'utf8')).toBe('by Bravo\n')
    await bravo.expectText('Wrote b.txt.')
  })

  await test.step('a third is denied with Escape, for which no hook fires', async () => {
    const charlie = await tileOf(app.page, 'Charlie')
    await charlie.expectText('c.txt')
    await charlie.pressUntil('Escape', async () => !(await isWaiting(shell, 'Charlie')()))
    await shell.expectBadge('Charlie', 'Idle')
    expect(readdirSync(worktree.charlie)).toEqual(['.git', 'README.md'])
    await expect(shell.needsYouCount).toBeHidden()
  })

  await test.step('one is killed and resumed with its conversation', async () => {
    const [pid = 0] = claudesIn(home, worktree.delta)
    process.kill(pid, 'SIGKILL')
    await shell.expectBadge('Delta', /^(Failed|Stopped|Killed|Ended)/)
    api.release('delta')
    const delta = await tileOf(app.page, 'Delta')
    await delta.resume()
    await shell.expectBadge('Delta', 'Idle')
    expect(claudesIn(home, worktree.delta)).toHaveLength(1)
    await delta.prompt('Are you back? [[scenario:hello name=Delta]]')
    await delta.expectText('Hello Delta')
    const requests = api.requests.filter((request) => request.kind === 'main' && request.cwd === worktree.delta)
    // One conversation: what was said before it was killed came along.
    expect(new Set(requests.map((request) => request.session)).size).toBe(1)
    expect(requests.at(-1)?.script).toBe('hello')
    expect(requests.at(-1)?.messages).toBeGreaterThan(3)
    await shell.expectBadge('Delta', 'Idle')
  })

  const titles = ['Alpha', 'Bravo', 'Charlie', 'Delta'] as const
  const pidsBefore = Object.values(worktree).map((folder) => claudesIn(home, folder)[0])
  await test.step('the app is killed while all four work', async () => {
    for (const title of titles) {
      const tile = await tileOf(app.page, title)
      await tile.prompt(`Go on. [[scenario:gated gate=${title}]]`)
      await expect.poll(() => api.waiting()).toContain(title)
      await shell.expectBadge(title, 'Working')
    }
    await app.kill()
    // Two of them finish while there is no app.
    for (const title of ['Alpha', 'Bravo']) api.release(title)
  })

  await test.step('after the restart every screen and every state is right', async () => {
    const { page } = await launch()
    const again = new Shell(page)
    await again.waitUntilConnected()
    for (const title of ['Alpha', 'Bravo']) await again.expectBadge(title, 'Idle')
    for (const title of ['Charlie', 'Delta']) await again.expectBadge(title, 'Working')
    expect(Object.values(worktree).map((folder) => claudesIn(home, folder)[0])).toEqual(pidsBefore)
    for (const title of ['Alpha', 'Bravo']) {
      await (await tileOf(page, title)).expectText('And the second half of it.')
    }
    const screens = new Map<string, string>()
    for (const title of ['Charlie', 'Delta']) {
      api.release(title)
      await again.expectBadge(title, 'Idle')
      const tile = await tileOf(page, title)
      await tile.expectText('And the second half of it.')
      await tile.expectText(`gate=${title}`)
      // It is idle a moment before it has drawn that it is.
      await expect.poll(() => tile.read()).not.toContain('esc to interrupt')
      screens.set(title, await tile.read())
    }
    // A page that is loaded anew shows the very same screens.
    await page.reload()
    await again.waitUntilConnected()
    for (const [title, screen] of screens) {
      const tile = await tileOf(page, title)
      await expect.poll(() => tile.read()).toBe(screen)
    }
    expect(violations).toEqual([])
  })
})
