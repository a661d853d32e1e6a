import { describe, expect, it } from 'vitest'
import { agentRow } from '../../../dev/fixtures.ts'
import { agentSupplyOf, supplyHint, whyNoStart, type AgentSupply } from './agent-supply-rules.ts'

const missing = { availability: { kind: 'missing', hint: 'Install it with npm.' } } as const
const broken = { availability: { kind: 'broken', path: '/bin/codex', problem: 'It does not start.' } } as const
const claude = agentRow('claude-code', 'Claude Code')
const demo = agentRow('demo', 'Demo agent')
const shell = agentRow('shell', 'Shell')

describe('what there is to start', () => {
  it.each<[AgentSupply, string, Parameters<typeof agentSupplyOf>[0]]>([
    ['looking', 'nothing is known yet', []],
    [
      'none',
      'nothing was found',
      [
        { ...claude, ...missing },
        { ...agentRow('codex', 'Codex'), ...broken },
      ],
    ],
    ['stand-in', 'only what Switchyard brings', [{ ...claude, ...missing }, demo, shell]],
    ['stand-in', 'only a shell', [{ ...claude, ...missing }, shell]],
    ['ready', 'an agent of the person', [claude, demo, shell]],
  ])('is "%s" when there is %s', (supply, _what, agents) => {
    expect(agentSupplyOf(agents)).toBe(supply)
  })

  it('keeps the start back only while there is nothing, and says why', () => {
    expect(whyNoStart('looking')).toContain('still being looked for')
    expect(whyNoStart('none')).toContain('Install one')
    expect(whyNoStart('stand-in')).toBeNull()
    expect(whyNoStart('ready')).toBeNull()
  })

  it('says what to do wherever there is something to do', () => {
    for (const supply of ['none', 'stand-in'] as const) expect(supplyHint(supply)).toContain('then look again')
    expect(supplyHint('looking')).not.toBe('')
    expect(supplyHint('ready')).toBeUndefined()
  })
})
