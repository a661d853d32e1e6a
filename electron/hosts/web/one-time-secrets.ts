import { findBySecret, hashSecret, newSecret } from './secrets.ts'

interface Issued<Grant> {
  readonly hash: Buffer
  readonly grant: Grant
  readonly expiresAt: number
}

/** Secrets that work once and for a short while: the code in the link, the ticket of a socket. */
export interface OneTimeSecrets<Grant> {
  issue(grant: Grant): string
  /** What the secret was issued for, and never again after that; undefined for a wrong, spent or old one. */
  redeem(secret: string): Grant | undefined
}

/** `lifetimeMs` says how long one works; of more than `most` unspent ones the oldest ends first. */
export const createOneTimeSecrets = <Grant>(deps: {
  readonly lifetimeMs: number
  readonly most: number
  readonly now: () => number
}): OneTimeSecrets<Grant> => {
  let issued: readonly Issued<Grant>[] = []
  const dropOld = () => {
    issued = issued.filter((one) => one.expiresAt > deps.now()).slice(-deps.most)
  }
  return {
    issue: (grant) => {
      const secret = newSecret()
      issued = [...issued, { hash: hashSecret(secret), grant, expiresAt: deps.now() + deps.lifetimeMs }]
      dropOld()
      return secret
    },
    redeem: (secret) => {
      dropOld()
      const found = findBySecret(issued, secret)
      issued = issued.filter((one) => one !== found)
      return found?.grant
    },
  }
}
