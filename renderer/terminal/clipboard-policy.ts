/** What a program may do to the clipboard by OSC 52: set it, from the terminal that has the focus, and say so. */
export type ClipboardRequest =
  | { readonly kind: 'write'; readonly text: string }
  | { readonly kind: 'refused'; readonly why: string }
  /** Reading is never answered: a program would learn what was copied elsewhere. */
  | { readonly kind: 'ignored' }

export const maxClipboardBytes = 100 * 1024

/** Judges the data of OSC 52: `targets ; base64`, or `targets ; ?` to read. */
export const judgeClipboard = (data: string, isFocused: boolean): ClipboardRequest => {
  const separator = data.indexOf(';')
  const payload = separator < 0 ? '' : data.slice(separator + 1)
  if (payload === '?' || payload === '') return { kind: 'ignored' }
  if (!isFocused) return { kind: 'refused', why: 'A program without focus tried to set the clipboard.' }
  // Four base64 digits carry three bytes: refused before anything is decoded.
  if (payload.length > (maxClipboardBytes / 3) * 4 + 4) {
    return { kind: 'refused', why: 'A program tried to copy more than 100 KB.' }
  }
  if (!/^[a-z\d+/]+={0,2}$/i.test(payload) || payload.replace(/=+$/, '').length % 4 === 1) return { kind: 'ignored' }
  const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0))
  if (bytes.length > maxClipboardBytes) return { kind: 'refused', why: 'A program tried to copy more than 100 KB.' }
  return { kind: 'write', text: new TextDecoder().decode(bytes) }
}
