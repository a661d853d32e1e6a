import type { ProjectId, SessionId } from '../lib/ids.ts'
import { globsOverlap, parseGlob, type Glob } from '../lib/glob.ts'
import type { LeaseTarget, LeaseWant } from './leases.ts'

/** Something a session has or wants. */
export interface Claim extends LeaseWant {
  readonly projectId: ProjectId
  readonly sessionId: SessionId
}

/** As it is asked for: a pattern, or "resource:" and a name; `./resource:x` is a file of that name. */
export const targetText = (target: LeaseTarget): string => {
  if (target.kind === 'resource') return `resource:${target.name}`
  return target.pattern.startsWith('resource:') ? `./${target.pattern}` : target.pattern
}

export type ConflictTest = (a: Claim, b: Claim) => boolean

// A port or a simulator is the computer's, whichever project uses it; a database or a merge slot is the project's own.
const isOfMachine = (name: string) => /^(?:port|simulator|device):/.test(name)

/**
 * Whether two claims may not be held at the same time by different sessions: they cover the same, one of them wants it for
 * itself, and one of them is enforced. What only warns may overlap what only warns; what only advises hinders nobody.
 */
export const createConflictTest = (ignoresCase: boolean): ConflictTest => {
  const overlap = createOverlapTest(ignoresCase)
  return (a, b) =>
    a.sessionId !== b.sessionId &&
    (a.mode === 'exclusive' || b.mode === 'exclusive') &&
    (a.policy === 'enforce' || b.policy === 'enforce') &&
    a.policy !== 'advisory' &&
    b.policy !== 'advisory' &&
    overlap(a, b)
}

type Targeted = Pick<Claim, 'projectId' | 'target'>

export const createOverlapTest = (ignoresCase: boolean): ((a: Targeted, b: Targeted) => boolean) => {
  const globs = new Map<string, Glob>()
  const globOf = (pattern: string) => {
    const known = globs.get(pattern)
    if (known) return known
    const parsed = parseGlob(pattern, ignoresCase)
    if (!parsed.ok) throw new Error(`A pattern was kept that cannot be read: ${parsed.refusal.message}`)
    globs.set(pattern, parsed.value)
    return parsed.value
  }
  return (a, b) => {
    if (a.target.kind === 'resource' && b.target.kind === 'resource') {
      const { name } = a.target
      return name === b.target.name && (a.projectId === b.projectId || isOfMachine(name))
    }
    return (
      a.target.kind === 'path' &&
      b.target.kind === 'path' &&
      a.projectId === b.projectId &&
      globsOverlap(globOf(a.target.pattern), globOf(b.target.pattern))
    )
  }
}
