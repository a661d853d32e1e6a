import { expect, test } from './fixtures/test.ts'
import { NeedsYou } from './pages/needs-you.ts'
import { NewSessionDialog } from './pages/new-session.ts'
import { Shell } from './pages/shell.ts'
import { TerminalTile } from './pages/terminal.ts'

test('a question of the real agent is answered in the app, and a denial carries its note', async ({
  launch,
  repository,
  api,
}) => {
  const { page } = await launch()
  const shell = new Shell(page)
  const needsYou = new NeedsYou(page)
  const dialog = new NewSessionDialog(page)
  await shell.waitUntilConnected()
  await shell.openProject(repository)

  await dialog.start({ title: 'Colours', prompt: 'Ask me. [[scenario:question]]' })
  await shell.expectBadge('Colours', 'Needs you')
  const colours = await shell.sessionId('Colours')
  await needsYou.open()
  await needsYou.choose(colours, 'Blue')
  await shell.expectBadge('Colours', 'Idle')
  await needsYou.close()
  await new TerminalTile(page, colours).expectText(/You said:.*Blue/s)

  await dialog.start({ title: 'Refused', prompt: 'Write it. [[scenario:write file=no.txt text=no]]' })
  await shell.expectBadge('Refused', 'Needs you')
  const refused = await shell.sessionId('Refused')
  await needsYou.open()
  await needsYou.deny(refused, 'Not before the review.')
  await shell.expectBadge('Refused', 'Idle')
  await needsYou.close()
  await new TerminalTile(page, refused).expectText('The file no.txt was not written.')
  expect(api.requests.some((request) => request.results.join().includes('Not before the review.'))).toBe(true)
})
