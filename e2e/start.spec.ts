import { spawn } from 'node:child_process'
import { appEnvironment, repositoryRoot } from './fixtures/app.ts'
import { expect, test } from './fixtures/test.ts'
import { Shell } from './pages/shell.ts'

/** Runs `npm start` in the repository, as a person does. */
const npmStart = (home: string, ...flags: string[]) => {
  const child = spawn('npm', ['start', '--silent', '--', ...flags], {
    cwd: repositoryRoot,
    env: appEnvironment(home),
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const seen = (pattern: RegExp) =>
    new Promise<string>((resolve, reject) => {
      child.stdout.on('data', () => {
        const match = pattern.exec(output)
        if (match) resolve(match[1] ?? '')
      })
      child.once('close', () => reject(new Error(output)))
    })
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()))
  const exited = new Promise<number | null>((resolve) => {
    child.once('close', (code) => resolve(code))
  })
  return { child, exited, output: () => output, seen }
}

const readyLine = /^Switchyard is ready at (http:\/\/127\.0\.0\.1:\d+\/#code=\S+)$/m

test('npm start prints the ready line, serves the page, and ends with its sessions left alone', async ({
  home,
  dataDir,
  page,
}) => {
  const run = npmStart(home, '--web', '--no-open', '--port', '0', '--data', dataDir)
  await new Shell(page).open(await run.seen(readyLine))
  run.child.kill('SIGTERM')
  await run.exited
  await new Shell(page).waitUntilAway()
})

test('without a display npm start says so in one line and starts the web host', async ({ home, dataDir }) => {
  const run = npmStart(home, '--no-open', '--port', '0', '--data', dataDir)
  await run.seen(readyLine)
  const lines = run.output().split('\n')
  expect(lines.filter((line) => line.includes('the web host starts instead'))).toHaveLength(1)
  run.child.kill('SIGTERM')
  await run.exited
})

test('a wrong flag is refused before anything is done', async ({ home }) => {
  for (const [flags, reason] of [
    [['--prot', '1'], 'Unknown flag "--prot"'],
    [['--port', 'http'], '--port needs a number from 0 to 65535'],
    [['--project', `${home}/nowhere`], 'there is no folder'],
  ] as const) {
    const run = npmStart(home, ...flags)
    expect(await run.exited).toBe(2)
    expect(run.output()).toContain(reason)
    expect(run.output()).not.toContain('ready')
  }
})

test('help names every flag', async ({ home }) => {
  const run = npmStart(home, '--help')
  expect(await run.exited).toBe(0)
  for (const flag of ['--web', '--port', '--no-open', '--data', '--project', '--help']) {
    expect(run.output()).toContain(flag)
  }
})

test('a port in use is told with what to do', async ({ home, start, folder }) => {
  const app = await start()
  const run = npmStart(home, '--web', '--no-open', '--port', String(app.port), '--data', `${folder}/other`)
  expect(await run.exited).toBe(1)
  expect(run.output()).toContain(`Port ${app.port} is in use by another program.`)
})
