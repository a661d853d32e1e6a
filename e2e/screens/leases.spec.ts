import { testId } from '../../renderer/lib/test-ids.ts'
import { expect, test } from '../fixtures/yard.ts'
import { ActivityPage } from '../pages/activity.ts'
import { MailRoom } from '../pages/mail.ts'
import { SessionShells } from '../pages/session-shell.ts'

// Leases and the radar with the whole app behind them. Sessions lease with the command they all have, and change files.

test.use({ scene: 'leases' })

let shells: SessionShells
test.beforeEach(async ({ page, yard }) => {
  shells = new SessionShells(page)
  await shells.begin(yard.repository, ['Anna', 'Bert'])
})

test('who holds what and who waits is shown, and the person ends it, takes it back, or asks the holder', async ({
  page,
}) => {
  const leases = page.getByTestId(testId.leaseRow)
  const waiters = page.getByTestId(testId.leaseWaiter)
  await page.keyboard.press('Control+Shift+L')
  await expect(page.getByTestId(testId.leases)).toContainText('Nothing is leased')
  await shells.run('Anna', '$SWITCHYARD_COMMAND lease acquire "src/**" --policy enforce')
  await shells.run('Bert', '$SWITCHYARD_COMMAND lease acquire src/app.ts --wait')
  await page.keyboard.press('Control+Shift+L')
  await expect(leases).toHaveText(/src\/\*\*.*Refuses others.*1 waits.*Anna.*ends in 1\d min/)
  await expect(waiters).toHaveText(/Bert.*waits for src\/app\.ts/)

  await page.getByTestId(testId.leaseList).getByRole('listitem').first().focus()
  await page.keyboard.press('a')
  const mail = new MailRoom(page)
  await expect(mail.composer.getByTestId(testId.mailRecipient)).toHaveText(['Anna'])
  await expect(mail.composer.getByTestId(testId.mailSubject)).toHaveValue('Your lease on src/**')
  await page.keyboard.press('Control+Enter')
  await expect(mail.deliveries).toHaveCount(1)

  await page.keyboard.press('Control+Shift+L')
  await waiters.getByTestId(testId.leaseCancelWait).click()
  await expect(waiters).toHaveCount(0)
  await page.getByTestId(testId.toastAction).last().click()
  await expect(waiters).toHaveCount(1)

  // Whoever waits has it once it is ended, so that it cannot be taken back.
  await page.getByTestId(testId.leaseList).getByRole('listitem').first().focus()
  await page.keyboard.press('Delete')
  await expect(leases).toHaveText(/src\/app\.ts.*Bert/)
  await page.keyboard.press('ArrowDown')
  await leases.getByTestId(testId.leaseEnd).click()
  await expect(leases).toHaveCount(0)
  await page.getByTestId(testId.toastAction).last().click()
  await expect(leases).toHaveText(/src\/app\.ts.*Bert/)
  await leases.getByRole('button', { name: 'Bert' }).click()
  await expect(page.getByTestId(testId.tile).first()).toBeVisible()
})

test('a link leads to the very lease and the very message, marked and in sight', async ({ page, shell }) => {
  const mail = new MailRoom(page)
  const activity = new ActivityPage(page)
  const paths = Array.from({ length: 30 }, (_, n) => `files/${String(n + 10)}.ts`)
  await shells.run('Anna', `$SWITCHYARD_COMMAND lease acquire ${paths.join(' ')}`)
  await shells.run('Anna', '$SWITCHYARD_COMMAND lease acquire files/99.ts')
  await page.keyboard.press('Control+Shift+L')
  await expect(page.getByTestId(testId.leaseRow).first()).toBeVisible()
  await activity.open()
  await activity.text.fill('files/99.ts')
  await activity.row('files/99.ts').first().getByTestId(testId.activityLink).click()
  const marked = page.locator('[data-marked]')
  await expect(marked).toBeFocused()
  await expect(marked).toBeInViewport()
  await expect(marked).toContainText('files/99.ts')

  await shell.openSession('Anna')
  await page.getByTestId(testId.tile).filter({ hasText: 'Anna' }).getByTestId(testId.coordinationToggle).click()
  await page.getByTestId(testId.coordinationLease).filter({ hasText: 'files/20.ts' }).click()
  await expect(marked).toContainText('files/20.ts')
  await page.keyboard.press('Delete')
  await expect(page.getByTestId(testId.leaseGone)).toBeVisible()

  const write = (n: number) =>
    `$SWITCHYARD_COMMAND mail send @bert --subject Far --body "$(seq 1 40)"`.replace('1', `${n}`)
  await shells.run('Anna', [1, 2].map(write).join(' && '))
  await shell.openSession('Bert')
  await page.getByTestId(testId.tile).filter({ hasText: 'Bert' }).getByTestId(testId.coordinationToggle).click()
  await page.getByTestId(testId.coordinationMessage).last().click()
  await expect(mail.thread).toBeVisible()
  await expect(page.locator('.message[data-marked]')).toBeInViewport()
})

test('sessions that change the same lines are found, marked, and written to at once', async ({ page, shell }) => {
  for (const title of ['Anna', 'Bert']) await shells.run(title, `echo "${title} was here" > README.md`)
  await page.keyboard.press('Control+Shift+L')
  const radar = page.getByTestId(testId.radarFile)
  await expect(radar).toHaveText(/README\.md.*Would conflict.*Anna: .*Bert: /)
  await expect(page.getByTestId(testId.radarPair)).toHaveText(/Anna.*and.*Bert/)
  await expect(shell.row('Anna').getByTestId(testId.sessionOverlap)).toBeVisible()

  await page.getByTestId(testId.radarList).getByRole('listitem').first().focus()
  await page.keyboard.press('a')
  const mail = new MailRoom(page)
  await expect(mail.composer.getByTestId(testId.mailRecipient)).toHaveCount(2)
  await expect(mail.composer.getByTestId(testId.mailBody)).toHaveValue(/- README\.md/)
  await page.keyboard.press('Escape')

  await shells.run('Bert', 'git checkout -q README.md')
  await page.keyboard.press('Control+Shift+L')
  await expect(page.getByTestId(testId.leases)).toContainText('Nobody is in another’s way')
  await expect(shell.row('Anna').getByTestId(testId.sessionOverlap)).toBeHidden()
})

test('a small window shows both, one above the other', async ({ page }) => {
  await page.setViewportSize({ width: 900, height: 600 })
  await page.getByTestId(testId.navLeases).click()
  const [leases, radar] = ['Leases', 'Radar'].map((name) => page.getByRole('region', { name, exact: true }))
  await expect(leases!).toBeInViewport({ ratio: 1 })
  await expect(radar!).toBeInViewport({ ratio: 1 })
  expect((await leases!.boundingBox())?.x).toBe((await radar!.boundingBox())?.x)
})
