import type { Page } from '@playwright/test'
import { testId } from '../renderer/lib/test-ids.ts'
import { expect, test, type GalleryWindow } from './fixtures/gallery.ts'

// The two places where a person types most, on made-up rows: nothing typed is lost, and nothing is sent by mistake.

const row = (page: Page, title: string) => page.getByTestId(testId.sessionRow).filter({ hasText: title })

test.describe('a new session', () => {
  test('takes Shift+Enter as a new line and Enter as the start', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await page.keyboard.press('Alt+Shift+N')
    await expect(page.getByTestId(testId.newSessionPrompt)).toBeFocused()
    await page.keyboard.type('Rate-limit transfers.')
    await page.keyboard.press('Shift+Enter')
    await page.keyboard.type('Burst of five.')
    await expect(page.getByTestId(testId.newSessionPrompt)).toHaveValue('Rate-limit transfers.\nBurst of five.')
    await expect(page.getByTestId(testId.newSessionTitle)).toHaveAttribute('placeholder', 'Rate-limit transfers')
    await expect(page.getByTestId(testId.newSessionBranch)).toHaveAttribute(
      'placeholder',
      'switchyard/rate-limit-transfers',
    )
    await page.keyboard.press('Enter')
    await expect(page.getByTestId(testId.newSession)).toHaveCount(0)
    await expect(row(page, 'Rate-limit transfers')).toHaveAttribute('aria-selected', 'true')
    await expect(page.getByTestId(testId.newSessionButton)).not.toBeFocused()
  })

  test('keeps what was typed when it is closed', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await page.getByTestId(testId.newSessionButton).click()
    await page.keyboard.type('Half a thought')
    await page.keyboard.press('Escape')
    await expect(page.getByTestId(testId.newSession)).toHaveCount(0)
    await page.getByTestId(testId.newSessionButton).click()
    await expect(page.getByTestId(testId.newSessionPrompt)).toHaveValue('Half a thought')
  })

  test('says at the field what is wrong with a branch name, and loses nothing', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await page.getByTestId(testId.newSessionButton).click()
    await page.getByTestId(testId.newSessionPrompt).fill('Do it')
    await page.getByTestId(testId.newSessionBranch).fill('rate limit')
    await expect(page.getByTestId(testId.newSessionError)).toHaveText(
      'A branch name cannot hold a space. Try rate-limit.',
    )
    await expect(page.getByTestId(testId.newSessionBranch)).toHaveAttribute('aria-invalid', 'true')
    await page.getByTestId(testId.newSessionBranch).press('Enter')
    await expect(page.getByTestId(testId.newSession)).toBeVisible()
    await expect(page.getByTestId(testId.newSessionPrompt)).toHaveValue('Do it')
    await page.getByTestId(testId.newSessionBranch).fill('main')
    await expect(page.getByTestId(testId.newSessionError)).toContainText('main is there already')
  })

  test('shows a refusal of the backend at the field it speaks of', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await page.getByTestId(testId.newSessionButton).click()
    await page.getByTestId(testId.newSessionPrompt).fill('Do it')
    await page.getByTestId(testId.newSessionBranch).fill('taken')
    await page.getByTestId(testId.newSessionStart).click()
    await expect(page.getByTestId(testId.newSessionError)).toHaveText('taken is there already. Choose another name.')
    await expect(page.getByTestId(testId.newSessionBranch)).toHaveAttribute('aria-invalid', 'true')
    await page.getByTestId(testId.newSessionBranch).fill('free')
    await expect(page.getByTestId(testId.newSessionError)).toHaveCount(0)
  })

  test('marks a mode that skips permissions wherever it shows, and never begins with it', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await page.getByTestId(testId.newSessionButton).click()
    const mode = page.getByTestId(testId.newSessionMode)
    await expect(mode).toHaveAttribute('data-value', '')
    await mode.click()
    await page.getByRole('option', { name: /bypassPermissions/ }).click()
    await expect(mode).toContainText('No questions')
    await expect(page.getByTestId(testId.newSessionSummary)).toContainText('Runs every tool without asking')
    await page.getByTestId(testId.newSessionPrompt).fill('Do it')
    await page.getByTestId(testId.newSessionStart).click()
    await expect(page.getByTestId(testId.newSession)).toHaveCount(0)
    await page.getByTestId(testId.newSessionButton).click()
    await expect(page.getByTestId(testId.newSessionMode)).toHaveAttribute('data-value', '')
  })

  test('says that agents are still looked for, keeps what is typed, and starts once they are found', async ({
    gallery,
  }) => {
    const { page, open } = gallery
    await open()
    // What was found is put aside until it is looked for again.
    const found = await page.evaluateHandle(() => {
      const { agents } = (window as unknown as GalleryWindow).gallery.stores
      const all = [...agents.store.getState().byId.values()]
      agents.replace([])
      return all
    })
    await page.getByTestId(testId.newSessionButton).click()
    const agent = page.getByTestId(testId.newSessionAgent)
    await expect(agent).toContainText('Looking for agents…')
    await page.getByTestId(testId.newSessionPrompt).fill('Do it')
    const start = page.getByTestId(testId.newSessionStart)
    await expect(start).toHaveAttribute('aria-disabled', 'true')
    await page.getByTestId(testId.newSessionPrompt).press('Enter')
    await expect(page.getByTestId(testId.newSessionError)).toHaveText(/still being looked for/)
    await found.evaluate((all) => (window as unknown as GalleryWindow).gallery.stores.agents.replace(all))
    await expect(agent).toContainText('Claude Code')
    await expect(page.getByTestId(testId.newSessionError)).toHaveCount(0)
    await page.getByTestId(testId.newSessionPrompt).press('Enter')
    await expect(page.getByTestId(testId.newSession)).toHaveCount(0)
  })

  test('says what to do when no agent was found', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    const lose = (kept: readonly string[]) =>
      page.evaluate((ids) => {
        const { agents } = (window as unknown as GalleryWindow).gallery.stores
        const availability = { kind: 'missing', hint: 'Install it.' }
        const all = [...agents.store.getState().byId.values()]
        agents.replace(all.map((agent) => (ids.includes(agent.id) ? agent : { ...agent, availability })))
      }, kept)
    await lose(['demo', 'shell'])
    await page.getByTestId(testId.newSessionButton).click()
    const dialog = page.getByTestId(testId.newSession)
    await expect(dialog).toContainText('No agent of your own was found. Install one, such as Claude Code')
    await expect(page.getByTestId(testId.newSessionAgent)).toContainText('Demo agent')
    await expect(page.getByTestId(testId.newSessionStart)).not.toHaveAttribute('aria-disabled')
    await lose([])
    await expect(dialog).toContainText('No agent was found on this computer.')
    await expect(page.getByTestId(testId.newSessionStart)).toHaveAttribute('aria-disabled', 'true')
    await page.getByTestId(testId.newSessionLookAgain).click()
    await expect(page.getByTestId(testId.newSessionAgent)).toContainText('Claude Code')
    await expect(page.getByTestId(testId.newSessionLookAgain)).toHaveCount(0)
  })

  test('warns before an agent works in place', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await page.getByTestId(testId.newSessionButton).click()
    await page.getByRole('radio', { name: 'In place' }).click()
    await expect(page.getByRole('dialog')).toContainText('There is no worktree to throw away')
  })
})

test.describe('needs you', () => {
  test('is answered by Y and N, and a note that was begun is kept', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await expect(page).toHaveTitle('(3) Switchyard')
    await page.getByTestId(testId.navNeedsYou).click()
    await page.keyboard.press('Control+Shift+U')
    await page.keyboard.press('Control+Shift+U')
    const ask = page.getByTestId(testId.askRow).filter({ hasText: 'Retry webhooks' })
    await expect(ask).toBeFocused()
    await page.keyboard.press('n')
    await page.getByTestId(testId.answerNote).fill('Use the fixture database')
    await page.getByTestId(testId.askRow).filter({ hasText: 'Idempotency' }).click()
    await ask.click()
    await expect(page.getByTestId(testId.answerNote)).toHaveValue('Use the fixture database')
    await page.getByTestId(testId.answerNote).press('Enter')
    await expect(ask).toHaveCount(0)
    await expect(page).toHaveTitle('(2) Switchyard')
  })

  test('does not take letters as an answer while they are typed into a field', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await page.getByTestId(testId.navNeedsYou).click()
    await page.getByPlaceholder('Something else').fill('')
    await page.getByPlaceholder('Something else').press('1')
    await expect(page.getByTestId(testId.askRow).filter({ hasText: 'Virtualise' })).toBeVisible()
    await page.getByPlaceholder('Something else').press('Enter')
    await expect(page.getByTestId(testId.askRow).filter({ hasText: 'Virtualise' })).toHaveCount(0)
  })

  test('jumps from the terminals to the question that waits longest', async ({ gallery }) => {
    const { page, open } = gallery
    await open()
    await page.getByTestId(testId.tile).first().waitFor()
    await page.keyboard.press('Control+Shift+U')
    const bar = page.getByTestId(testId.answerBar).filter({ hasText: 'Rows have variable heights' })
    await expect(bar).toBeFocused()
    await page.keyboard.press('2')
    await expect(bar).toHaveCount(0)
  })

  test('says who needs nobody when nobody does', async ({ gallery }) => {
    const { page, open } = gallery
    await open('empty')
    await page.getByTestId(testId.navNeedsYou).click()
    await expect(page.getByTestId(testId.needsYou)).toContainText('Nobody needs you')
    await expect(page).toHaveTitle('Switchyard')
  })
})
