import type { Verdict } from './csi-policy.ts'

export type StringKind = 'osc' | 'dcs' | 'ignored'

export const MAX_TITLE_LENGTH = 200
const MAX_LINK_LENGTH = 4096
/** 100 KB in base64, and its header. */
const MAX_CLIPBOARD_LENGTH = 137_000

const clipboardWrite = /^[cpqs0-7]*;[A-Za-z0-9+/=]*$/

const drop: Verdict = { kind: 'drop' }

/** Judges a finished string sequence by its body, without introducer and terminator. */
export const judgeString = (kind: StringKind, body: string): Verdict => {
  if (kind === 'osc') return judgeOsc(body)
  if (kind === 'dcs') return judgeDcs(body)
  return drop
}

// Controls inside are ignored by terminals, and 8-bit ones may end the string early.
const hasControls = /[\u0000-\u001f\u007f-\u009f]/g

const judgeOsc = (raw: string): Verdict => {
  const body = raw.replace(hasControls, '')
  const separator = body.indexOf(';')
  const code = separator === -1 ? body : body.slice(0, separator)
  const rest = separator === -1 ? '' : body.slice(separator + 1)
  const allowed = judgeOscCode(code, rest)
  if (allowed === 'query') return { kind: 'query', text: `\u001b]${body}\u0007` }
  if (allowed === 'drop') return drop
  const text = allowed === 'title' ? `${code};${cleanTitle(rest)}` : body
  const work = 50 + text.length / 4
  return text === raw ? { kind: 'pass', work } : { kind: 'replace', text: `\u001b]${text}\u0007`, work }
}

const judgeOscCode = (code: string, rest: string): 'pass' | 'query' | 'title' | 'drop' => {
  switch (code) {
    case '0':
    case '1':
    case '2':
      return 'title'
    case '4':
    case '5':
    case '10':
    case '11':
    case '12':
    case '13':
    case '14':
    case '17':
    case '19':
      return /(^|;)\?(;|$)/.test(rest) ? 'query' : 'pass'
    case '8':
      return rest.length <= MAX_LINK_LENGTH ? 'pass' : 'drop'
    case '52':
      // Reading the clipboard is never allowed; writing is for the page to allow.
      return rest.length <= MAX_CLIPBOARD_LENGTH && clipboardWrite.test(rest) ? 'pass' : 'drop'
    default:
      return /^\d+$/.test(code) && rest.length <= MAX_CLIPBOARD_LENGTH ? 'pass' : 'drop'
  }
}

/** Of device control strings only questions about state are of use; pictures and macros are not shown. */
const judgeDcs = (body: string): Verdict =>
  body.length <= 256 && /^[\d;]*[$+]q/.test(body) && body.search(hasControls) === -1
    ? { kind: 'query', text: `\u001bP${body}\u001b\\` }
    : drop

// Direction marks and invisible characters would let a title show something else than it is. The joiner of emoji stays.
const misleading =
  /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200c\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g

/** A title or notification as it may be shown: one line of at most 200 characters without controls. */
export const cleanTitle = (text: string): string => {
  const clipped = text.replace(misleading, '').slice(0, MAX_TITLE_LENGTH)
  return /[\ud800-\udbff]$/.test(clipped) ? clipped.slice(0, -1) : clipped
}
