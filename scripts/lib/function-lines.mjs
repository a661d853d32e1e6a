import ts from 'typescript'

/** A function's own lines: what a reader must hold in mind to understand it. */
export const mostOwnLines = 60

/**
 * The functions of a file that are too long, as messages. A function's own lines leave out blank lines, comments and the
 * inside of functions in it, which are judged by themselves: a factory that answers ten small functions is as long as
 * what stands between them. How long it may be altogether is for the linter.
 */
export const findLongFunctions = (path, text) => {
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  const isCode = codeLines(source, text)
  const problems = []
  const visit = (node) => {
    if (isFunction(node) && node.body) {
      const own = countOwn(source, node, isCode)
      if (own > mostOwnLines) {
        const line = lineOf(source, node.getStart(source)) + 1
        problems.push(`${path}:${line}: a function of ${own} own lines; at most ${mostOwnLines}. Split it.`)
      }
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return problems
}

const isFunction = (node) =>
  ts.isFunctionDeclaration(node) ||
  ts.isFunctionExpression(node) ||
  ts.isArrowFunction(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isGetAccessor(node) ||
  ts.isSetAccessor(node) ||
  ts.isConstructorDeclaration(node)

const lineOf = (source, position) => source.getLineAndCharacterOfPosition(position).line

const countOwn = (source, node, isCode) => {
  const first = lineOf(source, node.getStart(source))
  const last = lineOf(source, node.end)
  const inner = new Set()
  const leaveOut = (child) => {
    if (isFunction(child) && child.body) {
      // The lines on which it begins and ends belong to the outer one too.
      for (let line = lineOf(source, child.getStart(source)) + 1; line < lineOf(source, child.end); line += 1)
        inner.add(line)
      return
    }
    ts.forEachChild(child, leaveOut)
  }
  ts.forEachChild(node, leaveOut)
  let count = 0
  for (let line = first; line <= last; line += 1) if (isCode[line] && !inner.has(line)) count += 1
  return count
}

/** For each line, whether anything but white space and comments stands on it. */
const codeLines = (source, text) => {
  const lines = text.split('\n').map(() => false)
  const visit = (node) => {
    if (node.getChildCount(source) === 0 && node.end > node.getStart(source)) {
      const last = lineOf(source, node.end)
      for (let line = lineOf(source, node.getStart(source)); line <= last; line += 1) lines[line] = true
    }
    for (const child of node.getChildren(source)) visit(child)
  }
  visit(source)
  return lines
}
