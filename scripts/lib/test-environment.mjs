import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { inRoot } from './paths.mjs'

/**
 * The whole environment of a test run: nothing of the surrounding one but where programs are, and a home of its own.
 * `dispose` removes that home.
 */
export function makeTestEnvironment(extra = {}) {
  const home = mkdtempSync(join(tmpdir(), 'switchyard-test-home-'))
  const env = {
    PATH: [inRoot('node_modules', '.bin'), process.env.PATH ?? ''].join(delimiter),
    HOME: home,
    USERPROFILE: home,
    LANG: 'C.UTF-8',
    TERM: 'xterm-256color',
    // Tests start hundreds of processes of our own: each would strip the types of the same modules again.
    NODE_COMPILE_CACHE: inRoot('.cache', 'node-compile'),
    ...pick(['TMPDIR', 'SystemRoot', 'TEMP', 'ComSpec', 'FORCE_COLOR', 'NO_COLOR']),
    ...switchyardVariables(),
    ...extra,
  }
  return { env, dispose: () => rmSync(home, { recursive: true, force: true }) }
}

const pick = (names) =>
  Object.fromEntries(names.filter((name) => process.env[name] !== undefined).map((name) => [name, process.env[name]]))

/** Our own switches for tests, such as the number of generated messages. */
const switchyardVariables = () => pick(Object.keys(process.env).filter((name) => name.startsWith('SWITCHYARD_TEST_')))
