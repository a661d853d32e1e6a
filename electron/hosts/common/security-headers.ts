/**
 * The headers of every answer. `socketOrigin` is where the page may open its socket (`ws://HOST`), or null where it has a
 * message port instead.
 */
export const securityHeaders = (socketOrigin: string | null): Readonly<Record<string, string>> => ({
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "worker-src 'self'",
    `connect-src 'self'${socketOrigin === null ? '' : ` ${socketOrigin}`}`,
    "img-src 'self' data: blob:",
    "font-src 'self'",
    // The terminal creates style elements for its colours and cell sizes.
    "style-src 'self' 'unsafe-inline'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    // Nothing of ours turns text into markup or script. The one policy is for the library that draws diffs, and refuses
    // what is not made of a diff's own rows (renderer/lib/diff-policy.ts).
    'trusted-types review-diff',
  ].join('; '),
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), microphone=(), geolocation=(), usb=(), payment=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
})
