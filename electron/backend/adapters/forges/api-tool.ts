import { z } from 'zod'
import type { ForgeCode } from '../../../../shared/contract/remote.ts'
import { ok, refuse, type Result } from '../../../../shared/lib/result.ts'
import { unreachable } from '../../../../shared/lib/unreachable.ts'
import { childEnvironment } from '../child-environment-rules.ts'
import { findExecutable } from '../find-executable.ts'
import { forgeProblem, type Tool } from './forge-words-rules.ts'
import { tokenVariables } from './forge-environment-rules.ts'
import type { RunTool } from './run-tool.ts'

export interface ApiToolDeps {
  readonly tool: Tool
  /** The environment of the person's shell. */
  readonly person: () => Promise<Readonly<Record<string, string>>>
  /** A folder of ours, outside of every repository. */
  readonly folder: string
  readonly run: RunTool
}

export interface ApiCall<Schema extends z.ZodType> {
  readonly host: string
  /** Below the API's root, every part of it encoded. */
  readonly path: string
  readonly schema: Schema
  /** Sent as JSON by POST. */
  readonly body?: object
  readonly signal?: AbortSignal | undefined
}

export type CallApi = <Schema extends z.ZodType>(call: ApiCall<Schema>) => Promise<Result<z.output<Schema>, ForgeCode>>

/**
 * Calls a forge's API through `gh api` or `glab api`: they know the login, and it is not ours to hold. They run in a folder of
 * ours with the host named, so that no repository says where the login goes.
 */
export const createCallApi =
  ({ tool, person, folder, run }: ApiToolDeps): CallApi =>
  async ({ host, path, schema, body, signal }) => {
    const variables = await person()
    const program = await findExecutable(tool.command, variables)
    if (program === null) return refuse('NO_TOOL', tool.missing)
    const patterns = [...tool.variables, ...tokenVariables(tool.kind, host, variables)]
    const env = childEnvironment(variables, patterns, tool.additions)
    const post =
      body === undefined ? [] : ['--method', 'POST', '--header', 'Content-Type: application/json', '--input', '-']
    const args = ['api', '--hostname', host, ...post, path]
    const stdin = body === undefined ? '' : JSON.stringify(body)
    const output = await run({ path: program, args, cwd: folder, env, stdin, signal })
    switch (output.kind) {
      case 'ended':
        return output.exitCode === 0 ? parsed(output.stdout, schema, host) : failed(tool, host, output)
      case 'too-slow':
        return refuse('UNREACHABLE', `${host} did not answer in time. Try again in a while.`)
      case 'cancelled':
        return refuse('UNREACHABLE', 'It was cancelled.')
      case 'not-started':
        return refuse('NO_TOOL', `${program} could not be started (${output.problem}).`)
      default:
        return unreachable(output)
    }
  }

const failed = (tool: Tool, host: string, { stdout, stderr }: { readonly stdout: string; readonly stderr: string }) =>
  forgeProblem(tool, host, { stderr, said: reasonIn(parseJson(stdout)) })

const parsed = <Schema extends z.ZodType>(
  text: string,
  schema: Schema,
  host: string,
): Result<z.output<Schema>, ForgeCode> => {
  const json = parseJson(text)
  const read = json === undefined ? null : schema.safeParse(json)
  return read?.success
    ? ok(read.data)
    : refuse('FORGE_REFUSED', `${host} answered something else than expected. Look at the pull request in the browser.`)
}

const parseJson = (text: string): unknown => {
  // Expects a SyntaxError: a proxy answers with a page.
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const wordsSchema = z.union([z.string(), z.array(z.string())])
const refusedSchema = z.object({
  message: wordsSchema.optional(),
  errors: z.array(z.object({ message: z.string().optional() })).optional(),
})

/** The words of a refusal; those of `errors` are more exact. */
const reasonIn = (answer: unknown): string | null => {
  const { data } = refusedSchema.safeParse(answer)
  const exact = (data?.errors ?? []).flatMap(({ message }) => message ?? [])
  const words = exact.length > 0 ? exact : [data?.message ?? []].flat()
  return words.length > 0 ? words.join('; ') : null
}
