import { visibleLine } from '../../shared/lib/visible-text.ts'
import { resolveInside } from './path-links.ts'

/** Where a link may lead. Only addresses of the web and files inside the worktree open at all. */
export type LinkTarget =
  | { readonly kind: 'web'; readonly url: string; readonly shown: string }
  | { readonly kind: 'file'; readonly path: string; readonly line: number | null; readonly shown: string }
  /** Shown with its reason, never opened. */
  | { readonly kind: 'refused'; readonly shown: string; readonly why: string }

export interface LinkRoots {
  readonly cwd: string
  /** The worktree. */
  readonly root: string
}

const maxShown = 300

/** Judges an address that a program printed, as text or in OSC 8, where the text may say something else entirely. */
export const judgeAddress = (address: string, { cwd, root }: LinkRoots): LinkTarget => {
  const refused = (why: string): LinkTarget => ({ kind: 'refused', shown: show(address), why })
  if (!URL.canParse(address)) return refused('This is no address.')
  const url = new URL(address)
  switch (url.protocol) {
    case 'http:':
    case 'https:':
      // The name of a person before the host is the oldest way to make one host look like another.
      return url.username === '' && url.password === ''
        ? { kind: 'web', url: url.href, shown: show(url.href) }
        : refused('It hides its host behind a user name.')
    case 'file:': {
      if (url.hostname !== '' && url.hostname !== 'localhost') return refused('It is on another computer.')
      const printed = decodeURIComponentOrNull(url.pathname)
      return printed === null ? refused('This is no path.') : judgePath(printed, lineOf(url.hash), { cwd, root })
    }
    default:
      return refused(`Links that begin with ${visibleLine(url.protocol)} are not opened.`)
  }
}

/** Judges a file that a program printed. */
export const judgePath = (printed: string, line: number | null, { cwd, root }: LinkRoots): LinkTarget => {
  const path = resolveInside(printed, cwd, root)
  if (path === null) return { kind: 'refused', shown: show(printed), why: 'It is outside the worktree.' }
  return { kind: 'file', path, line, shown: show(line === null ? path : `${path}:${line}`) }
}

const show = (text: string) => {
  const line = visibleLine(text)
  return line.length > maxShown ? `${line.slice(0, maxShown)}…` : line
}

const lineOf = (hash: string): number | null => {
  const line = Number(/^#L?(\d{1,7})/.exec(hash)?.[1] ?? 0)
  return line > 0 ? line : null
}

const decodeURIComponentOrNull = (text: string): string | null =>
  /%(?![0-9a-f]{2})/i.test(text) || !isUtf8(text) ? null : decodeURIComponent(text)

const isUtf8 = (text: string): boolean => {
  const codes = [...text.matchAll(/%([0-9a-f]{2})/gi)].map(([, code = '']) => Number.parseInt(code, 16))
  return !new TextDecoder().decode(Uint8Array.from(codes)).includes('\ufffd')
}
