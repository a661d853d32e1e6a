import type { Page } from '@playwright/test'
import { testId } from '../renderer/lib/test-ids.ts'
import { expect, test, type GalleryWindow } from './fixtures/gallery.ts'
import { expectAccessible } from './pages/looks.ts'

// The screens on made-up rows, in a real browser and under the real policy: what they look like to a keyboard, a screen
// reader and a person who types. What they do to agents is tested with the whole app.

const row = (page: Page, title: string) => page.getByTestId(testId.sessionRow).filter({ hasText: title })
const titles = (page: Page) => page.getByTestId(testId.sessionTitle).allTextContents()

interface ScreenToJudge {
  readonly name: string
  readonly query?: string
  readonly reach: (page: Page) => Promise<void>
}

const screens: readonly ScreenToJudge[] = [
  { name: 'terminals', reach: (page) => page.getByTestId(testId.tile).first().waitFor() },
  { name: 'the rail', query: 'rail', reach: (page) => page.getByTestId(testId.tile).first().waitFor() },
  {
    name: 'needs you',
    reach: async (page) => {
      await page.getByTestId(testId.navNeedsYou).click()
      await page.getByTestId(testId.askRow).nth(1).click()
    },
  },
  {
    name: 'the helpers of a session',
    reach: async (page) => {
      await page.getByRole('button', { name: '3 helpers: 2 teammates, 1 subagent' }).click()
      await page.getByTestId(testId.helpersPanel).waitFor()
    },
  },
  {
    name: 'what a session coordinates',
    reach: async (page) => {
      await page.getByTestId(testId.coordinationToggle).first().click()
      await page.getByTestId(testId.coordinationSection).first().waitFor()
    },
  },
  {
    name: 'mail',
    reach: async (page) => {
      await page.getByTestId(testId.navMail).click()
      await page.getByTestId(testId.mailRow).first().click()
      await page.getByTestId(testId.mailMessage).first().waitFor()
    },
  },
  {
    name: 'leases and radar',
    reach: async (page) => {
      await page.getByTestId(testId.navLeases).click()
      await page.getByTestId(testId.leaseRow).first().waitFor()
    },
  },
  {
    name: 'a new message',
    reach: async (page) => {
      await page.getByTestId(testId.navMail).click()
      await page.keyboard.press('c')
      await page.getByTestId(testId.mailTo).fill('r')
      await page.getByTestId(testId.mailCompletion).waitFor()
    },
  },
  {
    name: 'activity',
    reach: async (page) => {
      await page.getByTestId(testId.navActivity).click()
      await page.getByTestId(testId.activityRow).nth(3).focus()
    },
  },
  {
    name: 'why a session is where it is',
    reach: async (page) => {
      await row(page, 'Flaky ledger').click({ button: 'right' })
      await page.locator('[data-entry="why"]').click()
      await page.getByTestId(testId.activityDecided).waitFor()
    },
  },
  {
    name: 'a new session',
    reach: async (page) => {
      await page.getByTestId(testId.newSessionButton).click()
      await page.getByTestId(testId.newSessionSummary).waitFor()
    },
  },
  { name: 'the folder dialog', reach: (page) => page.keyboard.press('Control+o') },
  { name: 'the palette', reach: (page) => page.keyboard.press('Control+Shift+p') },
  { name: 'the shortcuts', reach: (page) => page.keyboard.press('Control+/') },
  { name: 'the settings', reach: (page) => page.keyboard.press('Control+,') },
  { name: 'the first run', query: 'empty', reach: (page) => page.getByTestId(testId.firstRun).waitFor() },
  {
    name: 'the locked door',
    query: 'connection=unauthorised',
    reach: (page) => page.getByTestId(testId.unauthorised).waitFor(),
  },
]

for (const screen of screens) {
  test(`${screen.name}: nothing that axe knows of stands in the way, in any theme`, async ({ gallery }) => {
    const { page, open } = gallery
    await open(screen.query)
    await screen.reach(page)
    await expectAccessible(page, screen.name)
  })
}

test('the arrows walk through the sessions of all projects, and Enter opens one', async ({ gallery }) => {
  const { page, open } = gallery
  await open()
  await row(page, 'Currency table').focus()
  await page.keyboard.press('ArrowDown')
  await expect(row(page, 'Virtualise the invoices')).toBeFocused()
  await page.keyboard.press('End')
  await expect(row(page, 'by date')).toBeFocused()
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Retry webhooks')).toHaveAttribute('aria-selected', 'true')
})

test('a session is renamed in its row; Escape leaves the name as it was', async ({ gallery }) => {
  const { page, open } = gallery
  await open()
  await row(page, 'Flaky ledger').focus()
  await page.keyboard.press('F2')
  await page.getByTestId(testId.sessionRename).fill('Nothing')
  await page.keyboard.press('Escape')
  await expect(row(page, 'Flaky ledger balance test')).toBeFocused()
  await page.keyboard.press('F2')
  await page.getByTestId(testId.sessionRename).fill('Steady balance test')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Steady balance test')).toBeVisible()
})

test('the filter finds sessions by title, branch or state, and Escape shows all of them again', async ({ gallery }) => {
  const { page, open } = gallery
  await open()
  const before = await titles(page)
  await page.getByRole('button', { name: 'Filter the sessions of ledger-api' }).click()
  await page.keyboard.type('flaky-bal')
  await expect.poll(async () => (await titles(page))[0]).toBe('Flaky ledger balance test')
  await page.getByTestId(testId.projectFilter).fill('needs you')
  await expect.poll(async () => (await titles(page))[0]).toBe('Retry webhooks with backoff')
  await page.keyboard.press('Escape')
  await expect.poll(() => titles(page)).toEqual(before)
})

test('characters that hide or reorder text are written out', async ({ gallery }) => {
  const { page, open } = gallery
  await open()
  await expect(row(page, 'Sort ⟨U+202E⟩stnemyap by date')).toBeVisible()
  expect(await page.locator('body').innerText()).not.toContain('\u202E')
})

test('F6 goes round the parts of the window', async ({ gallery }) => {
  const { page, open } = gallery
  await open()
  await page.getByTestId(testId.tile).first().waitFor()
  const seen: string[] = []
  for (let press = 0; press < 4; press += 1) {
    await page.keyboard.press('F6')
    seen.push(
      await page.evaluate(
        () => document.activeElement?.closest('[data-region]')?.getAttribute('data-testid') ?? 'nothing',
      ),
    )
  }
  expect(seen.slice(0, 2)).toEqual([testId.sidebar, testId.tabBar])
  expect(seen).toContain(testId.tile)
})

test('the palette runs a command and goes to a session', async ({ gallery }) => {
  const { page, open } = gallery
  await open()
  await page.keyboard.press('Control+k')
  await page.getByTestId(testId.paletteInput).fill('light')
  await page.keyboard.press('Enter')
  await expect(page.locator('html')).toHaveAttribute('data-theme', 'light')
  await page.keyboard.press('Control+Shift+P')
  await page.getByTestId(testId.paletteInput).fill('flaky')
  await page.keyboard.press('Enter')
  await expect(row(page, 'Flaky ledger')).toHaveAttribute('aria-selected', 'true')
})

test('a folder that is no repository can be made one where that is said', async ({ gallery }) => {
  const { page, open } = gallery
  await open('empty')
  await page.getByTestId(testId.openProject).last().click()
  await page.getByTestId(testId.folderEntry).filter({ hasText: 'notes' }).waitFor()
  await page.getByTestId(testId.folderPath).fill('/home/mara/code/notes')
  await page.getByTestId(testId.folderPath).press('Enter')
  await expect(page.getByTestId(testId.folderError)).toContainText('is no Git repository')
  await page.getByTestId(testId.folderNextStep).click()
  await expect(page.getByTestId(testId.folderDialog)).toHaveCount(0)
  await expect(page.getByTestId(testId.project)).toContainText('notes')
})

test('the link that is needed is explained to a browser that is not signed in', async ({ gallery }) => {
  const { page, open } = gallery
  await open('connection=unauthorised')
  await expect(page.getByTestId(testId.unauthorised)).toContainText('npm start')
})

test('edits that nobody checked are told on the tile of their session until they were seen', async ({ gallery }) => {
  const { page, open } = gallery
  await open()
  await row(page, 'Idempotency keys').click()
  const banner = page.getByTestId(testId.outageBanner).filter({ visible: true })
  await expect(banner).toContainText('3 edits were not checked')
  await banner.getByTestId(testId.outageDismiss).click()
  await expect(banner).toHaveCount(0)
})

test.describe('with a clock of its own', () => {
  // It stays with the page.
  test.use({ ownPage: true })

  test('a change of one session draws one row again', async ({ gallery }) => {
    const { page, open } = gallery
    // Time stands: or the age of another row may grow just then.
    await page.clock.setFixedTime(Date.now())
    await open()
    await row(page, 'Split settlement worker').waitFor()
    const changed = await page.evaluate(async () => {
      const { stores } = (window as unknown as GalleryWindow).gallery
      const list = document.querySelector('.sidebar-list')
      const session = [...stores.sessions.store.getState().byId.values()].find((one) => one.title.startsWith('Split'))
      if (list === null || session === undefined) throw new Error('The list is not there.')
      const rows = new Set<string>()
      const observer = new MutationObserver((records) => {
        for (const record of records) {
          const element = record.target instanceof Element ? record.target : record.target.parentElement
          rows.add(element?.closest('[data-session]')?.getAttribute('data-session') ?? 'outside a row')
        }
      })
      observer.observe(list, { subtree: true, childList: true, characterData: true, attributes: true })
      const activity = { ...session.activity, kind: 'idle' as const, at: session.activity.at }
      stores.sessions.put([{ ...session, activity }])
      await new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))
      observer.disconnect()
      return { rows: [...rows], id: session.id }
    })
    expect(changed.rows).toEqual([changed.id])
    await expect(row(page, 'Split settlement worker').getByTestId(testId.sessionBadge)).toHaveText('Idle')
  })

  test('archiving offers to undo, and the offer stays while the pointer is on it', async ({ gallery }) => {
    const { page, open } = gallery
    await page.clock.install()
    await open()
    await row(page, 'Flaky ledger').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Archive' }).click()
    const toast = page.getByTestId(testId.toast)
    await expect(toast).toContainText('Archived Flaky ledger balance test. Its worktree and branch stay.')
    await toast.hover()
    await page.clock.fastForward(60_000)
    await expect(toast).toBeVisible()
    await page.getByTestId(testId.toastAction).click()
    await expect(row(page, 'Flaky ledger')).toBeVisible()
    await expect(toast).toHaveCount(0)
  })

  test('a notice goes by itself after eight seconds', async ({ gallery }) => {
    const { page, open } = gallery
    await page.clock.install()
    await open()
    await row(page, 'Flaky ledger').click({ button: 'right' })
    await page.getByRole('menuitem', { name: 'Archive' }).click()
    await page.mouse.move(700, 300)
    await expect(page.getByTestId(testId.toast)).toBeVisible()
    await page.clock.fastForward(7_000)
    await expect(page.getByTestId(testId.toast)).toBeVisible()
    await page.clock.fastForward(2_000)
    await expect(page.getByTestId(testId.toast)).toHaveCount(0)
  })

  test('a short absence of the backend shows no banner, a longer one does', async ({ gallery }) => {
    const { page, open } = gallery
    await page.clock.install()
    await open()
    await page.getByTestId(testId.shell).waitFor()
    const say = (kind: 'away' | 'live') =>
      page.evaluate((wanted) => {
        const { state } = (window as unknown as GalleryWindow).gallery.connection
        if (wanted === 'live') state.setState({ kind: 'live' }, true)
        else state.setState({ kind: 'away', since: 0, attempt: 1, reason: 'The connection was lost.' }, true)
      }, kind)
    await say('away')
    await expect(page.getByTestId(testId.connection)).toHaveAttribute('data-state', 'away')
    await page.clock.fastForward(900)
    await say('live')
    await page.clock.fastForward(5_000)
    await expect(page.getByTestId(testId.connectionBanner)).toHaveCount(0)
    await say('away')
    await page.clock.fastForward(1_100)
    await expect(page.getByTestId(testId.connectionBanner)).toContainText('Your agents keep working')
  })
})
