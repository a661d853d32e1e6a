import { z } from 'zod'
import type { Answer, AskDetail } from '../../../../shared/contract/asks.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'

const shown = (max: number) => z.string().transform((value) => value.slice(0, max))

const questionsSchema = z.object({
  questions: z
    .array(
      z.object({
        question: shown(4000),
        header: shown(200).catch(''),
        multiSelect: z.boolean().catch(false),
        options: z
          .array(z.object({ label: shown(400), description: shown(2000).catch('') }))
          .max(20)
          .catch([]),
      }),
    )
    .min(1)
    .max(20),
})
const planSchema = z.object({ plan: shown(100_000) })
const suggestionsSchema = z.array(z.record(z.string(), z.unknown())).max(50).catch([])
const toolInputSchema = z.record(z.string(), z.unknown()).catch({})

/** What a PermissionRequest asks, for showing it, with the wider permissions the agent offers. */
export const readPermissionRequest = (body: {
  tool_name: string
  tool_input?: unknown
  permission_suggestions?: unknown
}) => {
  const detail = readAskDetail(body)
  return detail.kind === 'permission' ? { ...detail, wider: widerOf(body.permission_suggestions) } : detail
}

const readAskDetail = (hook: { tool_name: string; tool_input?: unknown }): AskDetail => {
  const questions = hook.tool_name === 'AskUserQuestion' ? questionsSchema.safeParse(hook.tool_input) : null
  if (questions?.success) return { kind: 'question', questions: questions.data.questions }
  const plan = hook.tool_name === 'ExitPlanMode' ? planSchema.safeParse(hook.tool_input) : null
  if (plan?.success) return { kind: 'plan', plan: plan.data.plan }
  return permissionOf(hook)
}

const permissionOf = (hook: { tool_name: string; tool_input?: unknown }): AskDetail => {
  const input = toolInputSchema.parse(hook.tool_input ?? {})
  const field = (name: string) => (typeof input[name] === 'string' ? input[name] : null)
  const path = field('file_path') ?? field('notebook_path')
  const subject = field('command') ?? path ?? field('url') ?? field('query') ?? field('path') ?? plainInput(input)
  const after = field('new_string') ?? field('content') ?? field('new_source')
  return {
    kind: 'permission',
    toolName: hook.tool_name.slice(0, 200) || 'a tool',
    subject: subject.slice(0, 20_000),
    description: field('description')?.slice(0, 2000) ?? null,
    edit:
      path !== null && after !== null
        ? { path, before: (field('old_string') ?? '').slice(0, 50_000), after: after.slice(0, 50_000) }
        : null,
    wider: [],
  }
}

const plainInput = (input: Record<string, unknown>) => (Object.keys(input).length === 0 ? '' : JSON.stringify(input))

const widerOf = (suggestions: unknown) =>
  suggestionsSchema.parse(suggestions ?? []).map((suggestion, index) => ({
    id: String(index),
    label: labelOf(suggestion).slice(0, 300),
  }))

const places: Readonly<Record<string, string>> = {
  session: 'for this session',
  localSettings: 'for this project, only for you',
  projectSettings: 'for everyone in this project',
  userSettings: 'in all your projects',
}

const labelOf = (suggestion: Record<string, unknown>): string => {
  const place = places[String(suggestion['destination'])] ?? ''
  switch (suggestion['type']) {
    case 'setMode':
      return suggestion['mode'] === 'acceptEdits'
        ? `Allow all edits ${place}`.trim()
        : `Switch to mode ${String(suggestion['mode'])} ${place}`.trim()
    case 'addDirectories':
      return `Allow in ${listOf(suggestion['directories'])} ${place}`.trim()
    case 'addRules':
    case 'replaceRules':
      return `Always allow ${rulesOf(suggestion['rules'])} ${place}`.trim()
    default:
      return `Allow more ${place}`.trim()
  }
}

const listOf = (value: unknown) => (Array.isArray(value) ? value.map(String).join(', ') : String(value))

const ruleSchema = z.object({ toolName: z.string(), ruleContent: z.string().optional().catch(undefined) })
const rulesOf = (rules: unknown) =>
  z
    .array(ruleSchema)
    .catch([])
    .parse(rules)
    .map(({ toolName, ruleContent }) => (ruleContent ? `${toolName}(${ruleContent})` : toolName))
    .join(', ')

const answerable = z.object({
  tool_name: z.string(),
  tool_input: toolInputSchema,
  permission_suggestions: suggestionsSchema.optional(),
})

/** The answer to a held PermissionRequest, in Claude Code's words. */
export const answerClaudeAsk = (body: unknown, detail: AskDetail, answer: Answer): Result<unknown, 'INVALID'> => {
  const hook = answerable.parse(body)
  switch (answer.kind) {
    case 'deny':
      return decide({ behavior: 'deny', message: answer.note ?? 'The person said no to this.' })
    case 'choose': {
      if (detail.kind !== 'question') return refuse('INVALID', 'This is no question: allow or deny it.')
      const missing = detail.questions.find(({ question }) => !answer.answers[question]?.trim())
      if (missing) return refuse('INVALID', `Choose an answer to “${missing.question}”.`)
      return decide({ behavior: 'allow', updatedInput: { ...hook.tool_input, answers: answer.answers } })
    }
    case 'allow': {
      if (detail.kind === 'question') return refuse('INVALID', 'Choose an answer to each question.')
      if (answer.widerId === null) return decide({ behavior: 'allow' })
      // By the ids that were shown: `Number` takes an empty text for the first one.
      const chosen = hook.permission_suggestions?.find((_suggestion, index) => String(index) === answer.widerId)
      if (!chosen) return refuse('INVALID', 'The agent no longer offers this wider permission. Allow it once instead.')
      return decide({ behavior: 'allow', updatedPermissions: [chosen] })
    }
    default:
      return unreachable(answer)
  }
}

const decide = (decision: Readonly<Record<string, unknown>>) =>
  ok({ hookSpecificOutput: { hookEventName: 'PermissionRequest', decision } })
