/** Of the DOM's trusted types only what is used here: TypeScript's library does not know them. */
interface TypesPolicy {
  createHTML(markup: string): string
  createScriptURL(url: string): string
}
interface TypesFactory {
  createPolicy(name: string, rules: TypesPolicy): TypesPolicy
}

/** The one policy that the page's headers let anybody make. */
const policyName = 'review-diff'

// All that the library draws: rows, cells, words, and the icons of its separators. No link, no image, no style, no script.
const elements = 'bdi|br|button|code|div|path|pre|slot|span|svg|symbol|use'
// Values are always quoted. An address may only name an icon of the same page, and no attribute may be a handler.
const attribute = String.raw`\s+(?:href="#[\w-]*"|(?!on|href|src)[a-z][\w:-]*(?:="[^"]*")?)`
const tag = new RegExp(`</?(?:${elements})(?:${attribute})*\\s*/?>`, 'gi')

/** Whether this is markup as a diff is made of. What is shown of a file stands in it escaped, as text. */
export const isDiffMarkup = (markup: string): boolean => !markup.replace(tag, '').includes('<')

const rules = (workerUrl: string): TypesPolicy => ({
  createHTML: (markup) => {
    if (!isDiffMarkup(markup)) throw new TypeError('Markup that no diff is made of was refused.')
    return markup
  },
  createScriptURL: (url) => {
    if (url !== workerUrl) throw new TypeError('Only the worker that colours diffs may be started.')
    return url
  },
})

/**
 * The page turns no text into markup, with one exception: the library that draws diffs writes the rows it made as text.
 * The build hands what it writes to `diffMarkup` (see vite.renderer.config.ts), and nothing else of the page gets there, so
 * the policy is the library's own. It is safe because it is no pass-through: text that is more than rows is refused.
 */
export const createDiffPolicy = (
  workerUrl: string,
  factory: TypesFactory | undefined = (globalThis as { trustedTypes?: TypesFactory }).trustedTypes,
): TypesPolicy => factory?.createPolicy(policyName, rules(workerUrl)) ?? rules(workerUrl)
