import { z } from 'zod'
import { conflictKey } from '../../../shared/contract/conflict-key.ts'
import type { ConflictPart, ConflictView, MergeResolution } from '../../../shared/contract/merge.ts'

/** What was chosen for one place that both sides changed; null while nothing is. */
const pickSchema = z.union([
  z.enum(['target', 'branch', 'both']),
  /** Written by hand, with the line ends of the file. */
  z.object({ text: z.string() }),
  z.null(),
])
export type Pick = z.infer<typeof pickSchema>

const fileDraftSchema = z.union([
  z.object({ side: z.enum(['target', 'branch', 'gone']) }),
  /** One for each conflict of the file, in their order. */
  z.object({ picks: z.array(pickSchema) }),
])
export type FileDraft = z.infer<typeof fileDraftSchema>

/** By conflict: a draft is for the very versions it was made of. */
const draftsSchema = z.record(z.string(), fileDraftSchema)
export type ConflictDrafts = z.infer<typeof draftsSchema>

export const parseDrafts = (stored: unknown): ConflictDrafts => {
  const parsed = draftsSchema.safeParse(stored)
  return parsed.success ? parsed.data : {}
}

type Place = Extract<ConflictPart, { readonly kind: 'conflict' }>

export const placesOf = ({ parts }: { readonly parts: ConflictView['parts'] }): readonly Place[] =>
  (parts ?? []).filter((part) => part.kind === 'conflict')

/** The line end of a place; null where it has several kinds, which a field for text would make one. */
export const lineEndOf = ({ target, base, branch }: Place): '\n' | '\r\n' | null => {
  const text = `${target}${base}${branch}`
  const ends = new Set(text.match(/\r\n|\r|\n/g))
  if (ends.size === 0) return '\n'
  const [only] = ends
  return ends.size === 1 && only !== '\r' ? (only as '\n' | '\r\n') : null
}

/** The lines of a place as they were chosen, or as they are to begin with when they are written by hand. */
export const pickedText = (place: Place, pick: Pick): string => {
  if (pick === null) return ''
  if (typeof pick === 'object') return pick.text
  return pick === 'both' ? joined([place.target, place.branch], lineEndOf(place) ?? '\n') : place[pick]
}

/** Lines after lines: what has no end gets one when something follows. */
const joined = (texts: readonly string[], lineEnd: string): string =>
  texts
    .filter((text) => text !== '')
    .map((text, at, all) => (at < all.length - 1 && !text.endsWith('\n') ? `${text}${lineEnd}` : text))
    .join('')

/** What stands in a field and what it is in the file. */
export const toField = (text: string): string => text.replaceAll('\r\n', '\n')
export const fromField = (typed: string, lineEnd: '\n' | '\r\n'): string =>
  lineEnd === '\n' ? typed : typed.replaceAll('\n', '\r\n')

const picksOf = (draft: FileDraft | undefined): readonly Pick[] =>
  draft !== undefined && 'picks' in draft ? draft.picks : []

export const pickAt = (draft: FileDraft | undefined, at: number): Pick => picksOf(draft)[at] ?? null

export const withPick = (view: ConflictView, draft: FileDraft | undefined, at: number, pick: Pick): FileDraft => {
  const picks = picksOf(draft)
  return { picks: placesOf(view).map((_, index) => (index === at ? pick : (picks[index] ?? null))) }
}

/** How many places of a file nobody has chosen for; a file that is chosen whole is one. */
export const leftIn = (view: ConflictView, draft: FileDraft | undefined): number => {
  if (draft !== undefined && 'side' in draft) return 0
  if (view.parts === null) return 1
  return placesOf(view).filter((_, at) => pickAt(draft, at) === null).length
}

/** What a draft says to the merge; null while something is left to choose. */
export const resolutionOf = (view: ConflictView, draft: FileDraft | undefined): MergeResolution | null => {
  if (leftIn(view, draft) > 0) return null
  const { rawPath, stages } = view
  if (draft !== undefined && 'side' in draft) return { rawPath, stages, choice: { kind: draft.side } }
  return { rawPath, stages, choice: { kind: 'text', text: textOf(view.parts ?? [], picksOf(draft)) } }
}

const textOf = (parts: readonly ConflictPart[], picks: readonly Pick[]): string => {
  let at = 0
  const texts = parts.map((part) => (part.kind === 'same' ? part.text : pickedText(part, picks[at++] ?? null)))
  const first = parts.find((part) => part.kind === 'conflict')
  return joined(texts, (first && lineEndOf(first)) ?? '\n')
}

/** All that was chosen; null while something is left. */
export const resolutionsOf = (
  views: readonly ConflictView[],
  drafts: ConflictDrafts,
): readonly MergeResolution[] | null => {
  const all = views.map((view) => resolutionOf(view, drafts[conflictKey(view)]))
  return all.some((one) => one === null) ? null : all.filter((one) => one !== null)
}

/** Those before and those after; of one conflict the later one counts. */
export const withResolutions = (
  before: readonly MergeResolution[],
  after: readonly MergeResolution[],
): readonly MergeResolution[] => [...new Map([...before, ...after].map((one) => [conflictKey(one), one])).values()]
