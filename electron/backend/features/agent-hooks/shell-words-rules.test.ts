import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readShell, type ShellStep } from './shell-words-rules.ts'

const variables = new Map([['HOME', '/home/ada']])
/** Each program with its words; an unknown word in angle brackets, files written after a sign. */
const programsOf = (text: string) => readShell(text, variables).map(said)
const said = (step: ShellStep) => {
  if (step.kind !== 'run') return step.kind
  const words = step.words.map(({ text, isKnown }) => (isKnown ? text : `<${text}>`))
  return [...words, ...step.writes.map(({ text }) => `>${text}`)].join('|')
}

describe('a command line', () => {
  it.each<[string, string[]]>([
    ['ls -la', ['ls|-la']],
    ['a && b || c; d & e | f\ng', ['a', 'b', 'c', 'd', 'e', 'f', 'g']],
    [`rm 'a b' "c d" e\\ f ""`, ['rm|a b|c d|e f|']],
    [`echo "say \\"hi\\"" 'it'"'"'s'`, ['echo|say "hi"|it\'s']],
    ['git commit -m "rm -rf / && git push --force"', ['git|commit|-m|rm -rf / && git push --force']],
    ['echo a # rm -rf /\nb', ['echo|a', 'b']],
    ['echo a#b', ['echo|a#b']],
    ['long \\\n  line', ['long|line']],
    ['if [ -d x ]; then rm x; fi', ['[|-d|x|]', 'rm|x']],
    ['! true && { a; }', ['true', 'a']],
    ['while read x; do rm "$x"; done', ['read|x', 'rm|<$x>']],
  ])('%j runs these programs', (text, expected) => {
    expect(programsOf(text)).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['cat a > b 2>&1', ['cat|a|>b']],
    ['cat < in >> out', ['cat|>out']],
    ['x 2> err &> both >| forced', ['x|>err|>both|>forced']],
    ['x 2>&- <&3 <<< "> not a file"', ['x']],
    ['> emptied', ['>emptied']],
    ['echo 2 > two', ['echo|2|>two']],
  ])('%j writes these files', (text, expected) => {
    expect(programsOf(text)).toEqual(expected)
  })

  it('is not read in its here-documents, and goes on after them', () => {
    const text = `cat > notes.md <<'EOF' && next\nrm -rf /\ngit push --force\nEOF\nlast <<-END\n\tx\n\tEND\nafter`
    expect(programsOf(text)).toEqual(['cat|>notes.md', 'next', 'last', 'after'])
  })

  it.each<[string, string[]]>([
    ['cd $HOME/x', ['cd|/home/ada/x']],
    ['cd "${HOME}"', ['cd|/home/ada']],
    ["echo '$HOME'", ['echo|$HOME']],
    ['rm $OTHER/x', ['rm|<$OTHER/x>']],
    ['D=/x; rm $D/y', ['rm|/x/y']],
    ['export A=1 B=$A; echo $A $B', ['export|A=1|<B=$A>', 'echo|1|<$B>']],
    ['A=1 B=2 run it', ['run|it']],
    ['D=$(pwd); rm $D', ['enter', 'pwd', 'leave', 'rm|<$D>']],
    ['echo ${HOME:-x} $? $1', ['echo|<${HOME:-x}>|<$?>|<$1>']],
  ])('%j has its variables put in where they are known', (text, expected) => {
    expect(programsOf(text)).toEqual(expected)
  })

  it.each<[string, string[]]>([
    ['(cd a; rm b); c', ['enter', 'cd|a', 'rm|b', 'leave', 'c']],
    [
      'echo $(rm a) `rm b` "$(rm c)"',
      ['enter', 'rm|a', 'leave', 'enter', 'rm|b', 'leave', 'enter', 'rm|c', 'leave', 'echo|<>|<>|<>'],
    ],
    ["x $(echo ')' '\\)' (y))", ['enter', 'echo|)|\\)', 'enter', 'y', 'leave', 'leave', 'x|<>']],
    ['diff <(rm a) b', ['diff', 'enter', 'rm|a', 'leave', 'b']],
  ])('%j is read inside of its subshells', (text, expected) => {
    expect(programsOf(text)).toEqual(expected)
  })

  it('is read to its end, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.string({ maxLength: 80, unit: fc.constantFrom(...`ab '"\\$(){}<>|&;\n#\`*=~/-$`.split('')) }),
        (text) => {
          expect(Array.isArray(readShell(text, variables))).toBe(true)
        },
      ),
      { numRuns: 3000 },
    )
  })
})
