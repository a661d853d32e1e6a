import type { LineComment, LineSide } from '../../../../shared/contract/comments.ts'
import { lineWords, nameOfThread } from '../../../../shared/contract/comment-state.ts'
import { longestBodyBytes } from '../../../../shared/contract/mail.ts'
import { cutText, inertLine } from '../../../../shared/lib/inert-text.ts'
import { utf8Length } from '../../../../shared/lib/utf8-length.ts'

/** One draft as it is sent. */
export interface SentComment {
  readonly number: number
  readonly side: LineSide
  readonly comment: Pick<LineComment, 'at' | 'body' | 'suggestion'>
  /** Where its lines are by now; null when they are as they were written on, or nobody knows. */
  readonly now: 'changed' | 'outdated' | { readonly from: number; readonly to: number } | null
  /** The thread was sent before: this goes on with it. */
  readonly isFollowUp: boolean
}

export interface ReviewText {
  readonly subject: string
  /** One message each, in their order; no comment is torn as long as it fits into one. */
  readonly bodies: readonly string[]
  /** For each comment, in which of them it begins. */
  readonly bodyOf: readonly number[]
}

/** Of a path: what is hidden in it takes up to ten characters each to show. */
const longestPath = 400
/** What is quoted tells which lines are meant; the file itself is at hand. */
const mostQuotedLines = 40
const longestQuotedLine = 300
/** Kept free for the head of each message. */
const headRoom = 600

/** A review as the messages that a session gets. */
export const composeReview = (whole: string, comments: readonly SentComment[]): ReviewText => {
  const count = comments.length
  const subject = count === 0 ? 'Review' : `Review: ${count} ${count === 1 ? 'comment' : 'comments'}`
  const room = longestBodyBytes - headRoom
  const introduction = whole.trim() === '' ? [] : cutToFit(whole.trim(), room)
  const own = comments.map((one) => blocksOf(one, room))
  const packed = pack([...introduction, ...own.flat()], room)
  const bodies = packed.map(({ text }, at) => {
    const part = packed.length > 1 ? `Part ${at + 1} of ${packed.length}. ` : ''
    return `${part}${at === 0 ? opening(comments) : 'The review goes on; answer it as its first part says.'}\n\n${text}`
  })
  const firstBlocks = own.map((_, at) => introduction.length + own.slice(0, at).flat().length)
  const bodyOf = firstBlocks.map((block) => packed.findLastIndex(({ firstBlock }) => firstBlock <= block))
  return { subject, bodies, bodyOf }
}

const opening = (comments: readonly SentComment[]): string => {
  const [first] = comments
  if (!first) return 'A review of your changes.'
  const name = nameOfThread(first.number)
  return [
    'A review of your changes. Quoted code and suggestions stand in fences.',
    `Do what each comment asks, or say why not. Answer in a reply to this message (mail send, replyTo), each comment on a`,
    `line of its own that begins with its name: "${name}: …".`,
  ].join('\n')
}

/** One comment; in several pieces only when all of it is more than a message holds. */
const blocksOf = (sent: SentComment, room: number): string[] => {
  const head = headOf(sent)
  const quote = fenced(quotedLines(sent.comment.at.lines), '')
  const body = sent.comment.body.trim()
  const suggestion = sent.comment.suggestion === null ? '' : suggestionText(sent, sent.comment.suggestion)
  const whole = [head, quote, body, suggestion].filter((part) => part !== '').join('\n')
  if (utf8Length(whole) <= room) return [whole]
  const name = nameOfThread(sent.number)
  const first = `${head}\n${quote}\n`
  const pieces = cutToFit(body, room - utf8Length(first))
  const texts = pieces.map((piece, at) => (at === 0 ? `${first}${piece}` : `## ${name}, it goes on\n${piece}`))
  return suggestion === '' ? texts : [...texts, `## ${name}, its suggestion\n${suggestion}`]
}

const headOf = ({ number, side, comment: { at }, now, isFollowUp }: SentComment): string => {
  const isMoved = now !== null && typeof now === 'object' && (now.from !== at.from || now.to !== at.to)
  const where = isMoved ? lineWords(now) : lineWords(at)
  const notes = [
    side === 'old' ? 'removed by you' : null,
    isFollowUp ? 'goes on with what was said before' : null,
    now === 'changed' ? 'changed since this was written' : null,
    now === 'outdated' ? 'not there any more since this was written' : null,
  ].filter((note) => note !== null)
  return `## ${nameOfThread(number)} ${inertLine(at.path, longestPath)}, ${where}${notes.length > 0 ? ` (${notes.join('; ')})` : ''}`
}

const suggestionText = ({ comment: { at }, side }: SentComment, suggestion: string): string => {
  const which = lineWords(at)
  if (suggestion === '') return `Suggestion: take ${which} away.`
  return `Suggestion: ${side === 'old' ? 'put this where they were' : `this instead of ${which}`}\n${fenced(suggestion, 'suggestion')}`
}

const quotedLines = (lines: readonly string[]): string => {
  const shown = lines
    .slice(0, mostQuotedLines)
    .map((line) => (line.length > longestQuotedLine ? `${cutText(line, longestQuotedLine)}…` : line))
  const more = lines.length - shown.length
  return [...shown, ...(more > 0 ? [`… ${more} more ${more === 1 ? 'line' : 'lines'}`] : [])].join('\n')
}

/** A fence that nothing within it can close. */
export const fenced = (text: string, language: string): string => {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length))
  const fence = '`'.repeat(Math.max(3, longest + 1))
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`
}

/** A text in pieces of at most so many bytes: between lines where that is possible, else within one. */
export const cutToFit = (text: string, room: number): string[] => {
  const pieces: string[][] = []
  let bytes = 0
  for (const line of text.split('\n').flatMap((one) => cutLine(one, room))) {
    const more = utf8Length(line) + 1
    const piece = pieces.at(-1)
    if (piece === undefined || bytes + more > room + 1) {
      pieces.push([line])
      bytes = more
    } else {
      piece.push(line)
      bytes += more
    }
  }
  return pieces.map((lines) => lines.join('\n'))
}

const cutLine = (line: string, room: number): string[] => {
  if (utf8Length(line) <= room) return [line]
  // A character takes at most three bytes for each of its code units.
  const most = Math.max(1, Math.floor(room / 3))
  const pieces: string[] = []
  for (let rest = line; rest !== '';) {
    const piece = cutText(rest, most) || rest.slice(0, most + 1)
    pieces.push(piece)
    rest = rest.slice(piece.length)
  }
  return pieces
}

interface Packed {
  readonly text: string
  readonly firstBlock: number
}

const pack = (blocks: readonly string[], room: number): Packed[] => {
  const packed: Packed[] = []
  for (const [at, block] of blocks.entries()) {
    const last = packed.at(-1)
    const joined = last === undefined ? block : `${last.text}\n\n${block}`
    if (last !== undefined && utf8Length(joined) <= room) packed[packed.length - 1] = { ...last, text: joined }
    else packed.push({ text: block, firstBlock: at })
  }
  return packed
}
