// The rule is shared: the backend shows the same texts to agents.
export { visibleLine, visibleText } from '../../shared/lib/visible-text.ts'
