import { startAgain } from './fixtures/app.ts'
import { expect, test } from './fixtures/test.ts'
import { Shell } from './pages/shell.ts'

test('a second start on one data folder says so and shows the first, again and again', async ({
  start,
  home,
  dataDir,
}) => {
  const first = await start()
  const links = new Set([first.link])
  for (let round = 0; round < 3; round++) {
    const second = await startAgain({ home, dataDir })
    expect(second.code).toBe(0)
    expect(second.output).toContain(`Switchyard is already running on ${dataDir} (process ${first.pid}).`)
    expect(new URL(second.link).origin).toBe(first.origin)
    links.add(second.link)
  }
  expect(links.size).toBe(4)
  expect(await first.stop()).toBe(0)
})

test('of many starts at the same moment one owns the folder and shows itself to all others', async ({
  home,
  dataDir,
  start,
}) => {
  const apps = await Promise.all(Array.from({ length: 5 }, () => start()))
  const others = apps.filter((app) => app.output().includes('is already running'))
  const [owner, ...more] = apps.filter((app) => !others.includes(app))
  expect(more).toEqual([])
  for (const other of others) {
    expect(await other.exited).toBe(0)
    expect(other.output()).toContain(`(process ${owner?.pid})`)
    expect(other.port).toBe(owner?.port)
  }
  const again = await startAgain({ home, dataDir })
  expect(again.output).toContain(`(process ${owner?.pid})`)
})

test('after the first was killed the next start owns the folder at once', async ({ start }) => {
  for (let round = 0; round < 3; round++) {
    const app = await start()
    await app.kill()
  }
  const app = await start()
  expect(await app.stop()).toBe(0)
})

test('a first that does not answer is named, with what to do', async ({ start, home, dataDir }) => {
  const first = await start()
  process.kill(first.pid, 'SIGSTOP')
  const second = await startAgain({ home, dataDir })
  process.kill(first.pid, 'SIGCONT')
  expect(second.code).toBe(1)
  expect(second.output).toContain(`It does not answer. End process ${first.pid}, or use another folder with --data DIR`)
})

test('two data folders are two apps side by side', async ({ start, folder }) => {
  const one = await start()
  const two = await start({ dataDir: `${folder}/other data` })
  expect(one.port).not.toBe(two.port)
})

test('a repository named at the second start opens in the first', async ({
  start,
  home,
  dataDir,
  repository,
  page,
}) => {
  const first = await start()
  const shell = new Shell(page)
  await shell.open(first.link)
  const wrong = await startAgain({ home, dataDir, project: home })
  expect([wrong.code, wrong.output]).toEqual([0, expect.stringContaining('is not')])
  const right = await startAgain({ home, dataDir, project: repository })
  expect(right.code).toBe(0)
  await expect(shell.project('my project')).toBeVisible()
})

test('a repository named at the start is open when the page is', async ({ start, repository, page }) => {
  const app = await start({ project: repository })
  const shell = new Shell(page)
  await shell.open(app.link)
  await expect(shell.project('my project')).toBeVisible()
})
