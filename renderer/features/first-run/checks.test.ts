import { describe, expect, it } from 'vitest'
import { agentRow, agentRows, hostRow } from '../../dev/fixtures.ts'
import { checksOf, reportText } from './checks.ts'

const find = (id: string, host = hostRow, agents = agentRows) =>
  checksOf(host, agents)?.find((check) => check.id === id)

describe('the checks of this computer', () => {
  it('are unknown until the host has answered', () => {
    expect(checksOf(null, agentRows)).toBeNull()
  })

  it('name git with its version, or with what is wrong', () => {
    expect(find('git')).toMatchObject({ verdict: 'good', detail: '2.47.1' })
    const old = { ...hostRow, git: { version: '2.20.1', problem: 'too old: 2.38 or later is needed' } }
    expect(find('git', old)).toMatchObject({ verdict: 'warning', detail: '2.20.1, too old: 2.38 or later is needed' })
    const none = { ...hostRow, git: { version: null, problem: null } }
    expect(find('git', none)).toMatchObject({ verdict: 'warning', detail: 'not found' })
  })

  it('tell a missing agent, which is optional, from a broken one', () => {
    expect(find('gemini')).toMatchObject({ verdict: 'absent', detail: 'not found, optional. Install it with npm.' })
    const broken = [agentRow('codex', 'Codex', { availability: { kind: 'broken', path: '/x', problem: 'exit 127' } })]
    expect(find('codex', hostRow, broken)).toMatchObject({ verdict: 'warning', detail: 'exit 127' })
    expect(find('codex')).toMatchObject({ verdict: 'warning', detail: '0.61.0, tested up to 0.60' })
  })

  it('say how the shell was read', () => {
    expect(find('shell')).toMatchObject({ verdict: 'good', detail: 'zsh login shell, 63 variables read in 214 ms' })
    const slow = { ...hostRow, shell: { ...hostRow.shell, problem: 'It did not answer within 5 s.' } }
    expect(find('shell', slow)).toMatchObject({ verdict: 'warning', detail: 'It did not answer within 5 s.' })
  })

  it('can be pasted as a report', () => {
    const report = reportText(hostRow, checksOf(hostRow, agentRows))
    expect(report.split('\n')[0]).toBe('Switchyard 0.1.0 (web, linux)')
    expect(report).toContain('good     Git: 2.47.1')
    expect(report).toContain('absent   Gemini')
  })
})
