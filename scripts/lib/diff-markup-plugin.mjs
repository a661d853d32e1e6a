// The library that draws diffs writes markup as text, which the page's policy forbids. In the build what it writes goes
// through the page's one policy for it (renderer/lib/diff-policy.ts). A new release that writes elsewhere fails the build.
import { join } from 'node:path'

const places = {
  'components/FileDiff.js': 10,
  'components/File.js': 8,
  'managers/InteractionManager.js': 1,
  'utils/prerenderHTMLIfNecessary.js': 1,
}

export const diffMarkup = ({ root }) => ({
  name: 'diff-markup',
  transform(code, id) {
    const file = /@pierre\/diffs\/dist\/(.+\.js)$/.exec(id.replaceAll('\\', '/'))?.[1]
    if (file === undefined || !(file in places)) return null
    const guarded = guardWrites(code)
    if (guarded.count !== places[file])
      this.error(`${file} writes markup in ${guarded.count} places instead of ${places[file]}: look at each of them.`)
    const from = JSON.stringify(join(root, 'lib', 'diff-markup.ts'))
    return { code: `import { diffMarkup } from ${from};\n${guarded.code}`, map: null }
  },
})

/** The same code with every text that becomes markup handed to `diffMarkup` first. */
export const guardWrites = (code) => {
  let count = 0
  const guarded = code
    .replace(/\.innerHTML = (.+);$/gm, (_, value) => {
      count += 1
      return `.innerHTML = diffMarkup(${value});`
    })
    .replace(/\.insertAdjacentHTML\(([^,]+), (.+)\);$/gm, (_, place, value) => {
      count += 1
      return `.insertAdjacentHTML(${place}, diffMarkup(${value}));`
    })
  return { code: guarded, count }
}
