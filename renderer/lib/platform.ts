/** Whether the keyboard is Apple's: what decides between Command and Control, and between symbols and words. */
export const isMac: boolean =
  typeof navigator !== 'undefined' &&
  /Mac|iPhone|iPad/.test(navigator.userAgent) &&
  !/Windows|Linux/.test(navigator.userAgent)
