import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A secret of 256 bits, in 43 characters that need no escaping in an address, a cookie or a protocol name. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

/** What is kept of a secret: enough to recognise it, not enough to use it. */
export const hashSecret = (secret: string): Buffer => createHash('sha256').update(secret).digest()

/**
 * The entry whose hash is that of `secret`. Every entry is compared in constant time, so that how long it takes says
 * nothing about how much of a guess was right.
 */
export const findBySecret = <Entry extends { readonly hash: Buffer }>(
  entries: Iterable<Entry>,
  secret: string,
): Entry | undefined => {
  const hash = hashSecret(secret)
  let found: Entry | undefined
  for (const entry of entries) {
    if (timingSafeEqual(entry.hash, hash)) found = entry
  }
  return found
}
