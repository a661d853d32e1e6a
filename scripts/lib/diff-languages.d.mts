export const diffLanguages: readonly string[]
