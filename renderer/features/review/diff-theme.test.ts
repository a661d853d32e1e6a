import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { diffTheme, syntaxTheme } from './diff-theme.ts'

const tokens = readFileSync(join(import.meta.dirname, '..', '..', 'ui', 'tokens.css'), 'utf8')
const rules = syntaxTheme.textmate.settings.flatMap((rule) => ('scope' in rule ? [rule] : []))
const colourOf = (scope: string) =>
  rules
    .filter((rule) => rule.scope.includes(scope))
    .map(({ settings }) => settings.foreground)
    .at(-1)

describe('the colours of code', () => {
  it('are variables of the page, each of which it has', () => {
    const used = [...JSON.stringify(syntaxTheme).matchAll(/var\((--[\w-]+)\)/g)].map(([, name]) => name)
    expect(used.length).toBeGreaterThan(10)
    expect([...new Set(used)].filter((name) => !tokens.includes(`${name}:`))).toEqual([])
  })

  it('are never written out, so that no look is wrong', () => {
    expect(JSON.stringify(syntaxTheme)).not.toMatch(/#[0-9a-f]{3,8}|rgb|oklch/i)
  })

  it('go by the name under which the library asks for them', () => {
    expect([syntaxTheme.name, syntaxTheme.textmate.name]).toEqual([diffTheme, diffTheme])
  })

  it.each([
    ['keyword', '--syn-keyword'],
    ['keyword.operator', '--syn-text'],
    ['keyword.operator.new', '--syn-keyword'],
    ['entity.name.function', '--syn-function'],
    ['entity.name.type', '--syn-type'],
    ['constant.numeric', '--syn-number'],
    ['string', '--syn-string'],
    ['comment', '--syn-comment'],
  ])('%s has %s', (scope, variable) => {
    expect(colourOf(scope)).toBe(`var(${variable})`)
  })

  it('leave variables plain: no rule names them but for “this” and keys', () => {
    const names = rules.flatMap(({ scope }) => scope).filter((scope) => scope.startsWith('variable'))
    expect(names.sort()).toEqual(['variable.language', 'variable.other.key'])
  })
})
