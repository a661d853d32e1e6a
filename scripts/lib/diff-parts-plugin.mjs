// The library that draws diffs brings grammars of 300 languages, and three ways to colour them of which the page uses one.
// What is not used is left out of the page and of its worker.

// Colouring by WebAssembly, which the page's policy forbids.
const unused = [
  /@pierre\/diffs\/dist\/highlighter\/backends\/highlights\.js$/,
  /@pierre\/diffs\/dist\/worker\/highlights-[\w-]+\.js$/,
  /@pierre\/highlights\/dist\/.+\.js$/,
  /shiki\/dist\/(?:engine-oniguruma|wasm)\.mjs$/,
]
const languageList = /shiki\/dist\/langs-bundle-full-[\w-]+\.mjs$/

export const diffParts = ({ languages }) => ({
  name: 'diff-parts',
  enforce: 'pre',
  load: (id) => (unused.some((each) => each.test(pathOf(id))) ? 'export {}' : null),
  transform(code, id) {
    if (!languageList.test(pathOf(id))) return null
    const { code: kept, missing } = keepLanguages(code, languages)
    if (missing.length > 0)
      this.error(`There is no grammar of ${missing.join(', ')} in this release: look for its new name.`)
    return { code: kept, map: null }
  },
})

const pathOf = (id) => id.replaceAll('\\', '/').replace(/\?.*$/, '')

const entry =
  /"id": "([^"]+)",\s*"name": "[^"]*",\s*(?:"aliases": (\[[^\]]*\]),\s*)?"import": \(\(\) => import\("@shikijs\/langs\/[^"]+"\)\)/g

/**
 * The list of languages, where those that are not wanted have a grammar without rules: the library goes on knowing their
 * names, and shows them in one colour. `missing` are those that are wanted and not in the list.
 */
export const keepLanguages = (code, languages) => {
  const missing = new Set(languages)
  const kept = code.replace(entry, (whole, id, aliases = '[]') => {
    if (missing.delete(id)) return whole
    return `"id": "${id}", "name": "${id}", "aliases": ${aliases}, "import": () => plain("${id}", ${aliases})`
  })
  return { code: `${plain}\n${kept}`, missing: [...missing] }
}

const plain = `const plain = (name, aliases) =>
  Promise.resolve({ default: [{ name, aliases, scopeName: 'text.plain.' + name, patterns: [], repository: {} }] });`
