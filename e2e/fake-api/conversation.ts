// Reads from a request of the CLI which script it plays and where in it the conversation stands. Pure.

export interface ContentBlock {
  readonly type: string
  readonly text?: string
  readonly content?: unknown
  readonly is_error?: boolean
}

export interface Message {
  readonly role: string
  readonly content: string | readonly ContentBlock[]
}

export interface MessagesRequest {
  readonly model: string
  readonly messages: readonly Message[]
  readonly system?: string | readonly ContentBlock[]
  readonly tools?: readonly { readonly name: string }[]
  readonly stream?: boolean
  readonly safeguards?: unknown
  readonly output_config?: { readonly format?: { readonly type: string; readonly schema?: JsonSchema } }
}

export interface JsonSchema {
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly JsonSchema[]
  readonly type?: string | readonly string[]
  readonly properties?: Readonly<Record<string, JsonSchema>>
}

/** What a request is for. Only `main` is the agent at work; the others are small requests of the CLI's own. */
export type RequestKind = 'main' | 'compact' | 'structured' | 'side'

export interface Place {
  readonly script: string
  readonly args: Readonly<Record<string, string>>
  /** How many of the script's steps were played already. */
  readonly step: number
}

// [[scenario:NAME key=value key2="two words"]]
const directivePattern = /\[\[scenario:([\w.-]+)((?:\s+[\w.-]+=(?:"[^"]*"|[^\s\]]+))*)\s*\]\]/g

/**
 * The newest directive in what the user wrote names the script; each assistant message since is a step already played.
 * The conversation carries its place itself, so retries, resumes and a server started anew lose nothing.
 */
export const findPlace = (messages: readonly Message[]): Place | null => {
  let place = null as Place | null
  for (const message of messages) {
    if (message.role === 'assistant' && place !== null) place = { ...place, step: place.step + 1 }
    if (message.role !== 'user') continue
    for (const [, script = '', args = ''] of textOf(message).matchAll(directivePattern)) {
      place = { script, args: readArguments(args), step: 0 }
    }
  }
  return place
}

const readArguments = (text: string): Record<string, string> =>
  Object.fromEntries(
    [...text.matchAll(/([\w.-]+)=(?:"([^"]*)"|([^\s\]]+))/g)].map(([, key = '', quoted, bare]) => [
      key,
      quoted ?? bare ?? '',
    ]),
  )

export const kindOf = (request: MessagesRequest): RequestKind => {
  if (/Your task is to create a detailed summary/i.test(textOf(lastUserMessage(request)))) return 'compact'
  if (request.output_config?.format?.type === 'json_schema') return 'structured'
  return request.tools?.length ? 'main' : 'side'
}

/** The text results of the tool calls that this request brings back. */
export const toolResultsOf = (request: MessagesRequest): readonly { text: string; isError: boolean }[] => {
  const { content } = lastUserMessage(request)
  if (typeof content === 'string') return []
  return content
    .filter((block) => block.type === 'tool_result')
    .map((block) => ({ text: resultText(block.content), isError: block.is_error === true }))
}

const resultText = (content: unknown): string => {
  if (typeof content === 'string') return content
  return Array.isArray(content) ? content.map((block: ContentBlock) => block.text ?? '').join('\n') : ''
}

/** The session's folder, as the CLI tells it to the model. */
export const workingDirectoryOf = (request: MessagesRequest): string =>
  /[Ww]orking directory: (\/[^\n]*)/.exec(toldIn(request))?.[1]?.trim() ?? ''

/** The system's text and all messages that are not the model's own. */
export const toldIn = ({ system, messages }: MessagesRequest): string => {
  const ofSystem = typeof system === 'string' ? system : (system ?? []).map((block) => block.text).join('\n')
  return [ofSystem, ...messages.filter((message) => message.role !== 'assistant').map(textOf)].join('\n')
}

/** The smallest value that a schema allows: enough for titles and verdicts. */
export const smallestValue = (schema: JsonSchema = {}): unknown => {
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  if (schema.anyOf !== undefined) return smallestValue(schema.anyOf[0])
  const type = typeof schema.type === 'string' ? schema.type : schema.type?.[0]
  if (type === 'object') {
    return Object.fromEntries(
      Object.entries(schema.properties ?? {}).map(([key, value]) => [key, smallestValue(value)]),
    )
  }
  if (type === 'array') return []
  if (type === 'boolean') return true
  return type === 'integer' || type === 'number' ? 0 : 'scripted'
}

const lastUserMessage = (request: MessagesRequest): Message =>
  request.messages.findLast((message) => message.role === 'user') ?? { role: 'user', content: '' }

export const textOf = (message: Message): string =>
  typeof message.content === 'string'
    ? message.content
    : message.content
        .filter((block) => block.type === 'text')
        .map((block) => block.text ?? '')
        .join('\n')
