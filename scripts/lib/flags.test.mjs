import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { parseStartFlags } from './flags.mjs'
import { parseTestArguments } from './test-arguments.mjs'

const folder = mkdtempSync(join(tmpdir(), 'switchyard-flags-'))
writeFileSync(join(folder, 'file'), '')
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('the flags of npm start', () => {
  test('without flags everything is left to the hosts', () => {
    expect(parseStartFlags([], folder).flags).toEqual({
      web: false,
      noOpen: false,
      help: false,
      port: undefined,
      data: undefined,
      project: undefined,
    })
  })

  test('values come after a space or an equals sign, and folders become absolute', () => {
    const { flags } = parseStartFlags(
      ['--web', '--no-open', '--port', '0', '--data=some data', '--project', '.'],
      folder,
    )
    expect(flags).toMatchObject({ web: true, noOpen: true, port: 0, data: join(folder, 'some data'), project: folder })
  })

  test.each([
    [['--prot', '1'], 'Unknown flag "--prot"'],
    [['--open'], 'Unknown flag "--open"'],
    [['web'], 'Did you mean --web?'],
    [['somewhere'], 'Unknown flag "somewhere"'],
    [['--port'], '--port needs a value'],
    [['--port='], '--port needs a value'],
    [['--port', '65536'], 'from 0 to 65535'],
    [['--port', '-1'], 'from 0 to 65535'],
    [['--port', '1e3'], 'from 0 to 65535'],
    [['--port', 'http'], 'from 0 to 65535'],
    [['--web=yes'], '--web takes no value'],
    [['--data', 'file'], 'is a file'],
    [['--project', 'file'], 'is a file'],
    [['--project', 'nowhere'], 'there is no folder'],
  ])('%j is refused with a reason and where to read more', (args, reason) => {
    const parsed = parseStartFlags(args, folder)
    expect(parsed.ok).toBe(false)
    expect(parsed.message).toContain(reason)
    expect(parsed.message).toContain('--help')
  })
})

describe('the arguments of npm test', () => {
  test('without arguments everything runs', () => {
    expect(parseTestArguments([])).toEqual({ ok: true, check: true, unit: [], e2e: [] })
  })

  test('a path chooses its kind of test and leaves the others out', () => {
    expect(parseTestArguments(['shared/lib'])).toEqual({ ok: true, check: false, unit: ['shared/lib'], e2e: undefined })
    expect(parseTestArguments(['./e2e/agents.spec.ts'])).toMatchObject({ unit: undefined, e2e: ['e2e/agents.spec.ts'] })
    expect(parseTestArguments(['e2e/fake-api/server.test.ts'])).toMatchObject({ e2e: undefined })
  })

  test('a name goes to both kinds, which may have nothing of that name', () => {
    expect(parseTestArguments(['-t', 'two instances'])).toMatchObject({
      check: false,
      unit: ['-t', 'two instances', '--passWithNoTests'],
      e2e: ['--grep', 'two instances', '--pass-with-no-tests'],
    })
  })

  test('an unknown flag and a missing name are refused', () => {
    expect(parseTestArguments(['--watch']).message).toContain('Unknown flag --watch')
    expect(parseTestArguments(['-t']).message).toContain('-t needs')
  })
})
