/** The name under which the library knows our colours. */
export const diffTheme = 'switchyard'

const text = 'var(--syn-text)'
const paper = 'var(--surface-1)'

/**
 * What of a language has which of our few colours, by the scopes of its TextMate grammar; the last that fits counts. Names
 * of variables stay plain: a line in which everything is coloured says nothing.
 */
const scopes: readonly (readonly [colour: string, ...names: string[]])[] = [
  [
    'keyword',
    'keyword',
    'storage',
    'variable.language',
    'entity.name.tag',
    'punctuation.definition.tag',
    'entity.name.function.decorator',
    'punctuation.decorator',
  ],
  ['text', 'keyword.operator', 'punctuation', 'storage.type.function.arrow'],
  [
    'keyword',
    'keyword.operator.new',
    'keyword.operator.expression',
    'keyword.operator.word',
    'keyword.operator.logical.python',
  ],
  ['type', 'entity.name.type', 'entity.name.class', 'entity.name.namespace', 'entity.other.inherited-class'],
  ['type', 'support.type', 'support.class', 'storage.type.java', 'entity.other.attribute-name'],
  ['function', 'entity.name.function', 'support.function', 'entity.name.section', 'markup.heading'],
  ['function', 'support.type.property-name', 'entity.name.tag.yaml', 'variable.other.key', 'markup.underline.link'],
  [
    'number',
    'constant.numeric',
    'constant.language',
    'constant.character',
    'keyword.other.unit',
    'constant.other.color',
  ],
  ['string', 'string', 'punctuation.definition.string', 'markup.inline.raw', 'markup.fenced_code', 'string.regexp'],
  ['text', 'punctuation.definition.template-expression', 'meta.template.expression', 'meta.embedded'],
  ['comment', 'comment', 'punctuation.definition.comment', 'markup.quote'],
]

/**
 * Its colours are the page's own variables, so that another theme or contrast colours nothing anew, and what was coloured in
 * one window's worker is right in every look.
 */
export const syntaxTheme = {
  name: diffTheme,
  type: 'dark' as const,
  fg: text,
  bg: paper,
  colors: { 'editor.foreground': text, 'editor.background': paper },
  textmate: {
    name: diffTheme,
    type: 'dark' as const,
    fg: text,
    bg: paper,
    colors: { 'editor.foreground': text, 'editor.background': paper },
    settings: [
      { settings: { foreground: text, background: paper } },
      ...scopes.map(([colour, ...scope]) => ({ scope, settings: { foreground: `var(--syn-${colour})` } })),
    ],
  },
}
