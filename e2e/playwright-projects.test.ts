import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import config from './playwright.config.ts'

const specs = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.spec.ts'),
)

it('drives the desktop window by the specs of this folder that are for both, and no screen of a browser twice', () => {
  const match = config.projects?.find((project) => project.name === 'desktop')?.testMatch
  if (!(match instanceof RegExp)) throw new Error('The desktop project names its files by a pattern.')
  const isDriven = (name: string) => match.test(join(import.meta.dirname, name))
  expect(
    specs
      .filter((name) => !name.startsWith('desktop-'))
      .filter(isDriven)
      .sort(),
  ).toEqual(['agents.spec.ts', 'first-run.spec.ts'])
  expect(['desktop-menu.spec.ts', 'screens/desktop-menu.spec.ts'].map(isDriven)).toEqual([true, false])
  expect(specs).toContain(join('screens', 'first-run.spec.ts'))
})
