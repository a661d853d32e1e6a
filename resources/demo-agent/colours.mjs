const paint = (code) => (text) => `\x1b[${code}m${text}\x1b[0m`

// The sixteen colours, so that the terminal's own theme decides how they look.
export const bold = paint('1')
export const dim = paint('2')
export const red = paint('31')
export const green = paint('32')
export const amber = paint('33')
export const blue = paint('34')
