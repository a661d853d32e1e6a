/** The page's own address. A scheme of our own has no file access, no other sites and an origin that nobody else can have. */
export const appScheme = 'app'
export const appOrigin = 'app://switchyard'
export const appAddress = `${appOrigin}/`

/** What is known of the frame that sent a message. Electron passes null for one that is already gone. */
export type SenderFrame = { readonly url: string; readonly parent: unknown } | null

/** Only the page itself may talk to us: not a frame inside it, not a page it was replaced by, not one that is gone. */
export const isOwnFrame = (frame: SenderFrame | undefined): boolean =>
  frame !== null && frame !== undefined && frame.parent === null && isOwnAddress(frame.url)

export const isOwnAddress = (address: string): boolean => {
  const url = URL.parse(address)
  return url !== null && url.protocol === `${appScheme}:` && url.host === 'switchyard'
}

// Longer than any address a person would follow, short enough to be shown in a dialog.
const longestAddress = 2048

/**
 * The address that may be handed to the system's browser, in its normal form, or null. Only web addresses: other schemes
 * start programs, and `file:` would show or run what an agent has written. Credentials before an @ only ever deceive.
 */
export const externalAddress = (address: string): string | null => {
  const url = URL.parse(address)
  if (url === null || address.length > longestAddress) return null
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return null
  return url.username === '' && url.password === '' && url.hostname !== '' ? url.href : null
}

const allowedPermissions = ['notifications', 'clipboard-sanitized-write', 'clipboard-read', 'fullscreen']

/** Everything that a page could ask of the system is denied, but for what the app itself is made of. */
export const isPermissionAllowed = (permission: string, requester: string): boolean =>
  isOwnAddress(requester) && allowedPermissions.includes(permission)
