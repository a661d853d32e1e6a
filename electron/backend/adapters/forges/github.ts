import { z } from 'zod'
import type { RemoteCheck } from '../../../../shared/contract/remote.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { createCallApi, type ApiToolDeps } from './api-tool.ts'
import { byTime, cutBody, cutName, mostComments, type Forge, type ForgePullRequest } from './forge.ts'
import type { Tool } from './forge-words-rules.ts'
import { linkOn, type RemoteAddress } from './remote-address-rules.ts'

export const githubTool: Tool = {
  kind: 'github',
  command: 'gh',
  missing: 'Pull requests need the GitHub CLI. Install gh (https://cli.github.com) and run: gh auth login',
  variables: ['GH_CONFIG_DIR'],
  additions: { GH_PROMPT_DISABLED: '1', GH_NO_UPDATE_NOTIFIER: '1', GH_PAGER: 'cat', NO_COLOR: '1' },
}

const userSchema = z.object({ login: z.string() }).nullish()
const timeSchema = z.string().transform((text) => Date.parse(text) || 0)
const numberedSchema = z.object({ number: z.number().int().positive() })
const pullSchema = numberedSchema.extend({
  html_url: z.string(),
  title: z.string(),
  state: z.enum(['open', 'closed']),
  draft: z.boolean().default(false),
  merged: z.boolean(),
  head: z.object({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) }),
  base: z.object({ ref: z.string() }),
})
const checkRunsSchema = z.object({
  check_runs: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      conclusion: z.string().nullish(),
      html_url: z.string().nullish(),
    }),
  ),
})
const statusSchema = z.object({
  statuses: z.array(z.object({ context: z.string(), state: z.string(), target_url: z.string().nullish() })),
})
const remarkSchema = z.object({
  id: z.number(),
  user: userSchema,
  body: z.string().nullish(),
  html_url: z.string().nullish(),
})
const commentsSchema = z.array(remarkSchema.extend({ created_at: timeSchema }))
const lineCommentsSchema = z.array(
  remarkSchema.extend({ created_at: timeSchema, path: z.string(), line: z.number().int().positive().nullish() }),
)
const reviewsSchema = z.array(remarkSchema.extend({ state: z.string(), submitted_at: timeSchema.optional() }))

/** GitHub by its command-line program, whose `api` speaks the REST API with the person's login. */
export const createGithub = (deps: Omit<ApiToolDeps, 'tool'>): Forge => {
  const call = createCallApi({ ...deps, tool: githubTool })
  return {
    kind: 'github',
    find: async ({ host, repository }, branch, signal) => {
      const head = encodeURIComponent(`${repository.split('/')[0]}:${branch}`)
      const path = `repos/${repository}/pulls?head=${head}&state=all&sort=created&direction=desc&per_page=1`
      const found = await call({ host, path, schema: z.array(numberedSchema), signal })
      return found.ok ? ok(found.value[0]?.number ?? null) : found
    },
    create: async ({ host, repository }, { branch, base, title, body, isDraft }, signal) => {
      const wish = { title, body, base, head: branch, draft: isDraft }
      const path = `repos/${repository}/pulls`
      const made = await call({ host, path, schema: numberedSchema, body: wish, signal })
      return made.ok ? ok(made.value.number) : made
    },
    read: async ({ host, repository }, number, signal) => {
      const repo = `repos/${repository}`
      const pull = await call({ host, path: `${repo}/pulls/${number}`, schema: pullSchema, signal })
      if (!pull.ok) return pull
      const { sha } = pull.value.head
      const page = 'per_page=100'
      const newest = `${page}&sort=created&direction=desc`
      const [runs, statuses, lines, reviews, comments] = await Promise.all([
        call({ host, path: `${repo}/commits/${sha}/check-runs?${page}`, schema: checkRunsSchema, signal }),
        call({ host, path: `${repo}/commits/${sha}/status?${page}`, schema: statusSchema, signal }),
        call({ host, path: `${repo}/pulls/${number}/comments?${newest}`, schema: lineCommentsSchema, signal }),
        call({ host, path: `${repo}/pulls/${number}/reviews?${page}`, schema: reviewsSchema, signal }),
        call({ host, path: `${repo}/issues/${number}/comments?${page}`, schema: commentsSchema, signal }),
      ])
      if (!runs.ok) return runs
      if (!statuses.ok) return statuses
      if (!lines.ok) return lines
      if (!reviews.ok) return reviews
      if (!comments.ok) return comments
      const at = { host, repository }
      const checks = [...runs.value.check_runs.map(checkOf(host)), ...statuses.value.statuses.map(statusOf(host))]
      const said = [
        ...lines.value.map((one) => lineComment(host, one)),
        ...reviews.value.flatMap((one) => reviewOf(host, one)),
        ...comments.value.map((one) => ({ ...remarkOf(host, 'comment', one), at: one.created_at })),
      ]
      return ok({ ...factsOf(at, pull.value), checks: checks.slice(0, mostComments), comments: byTime(said) })
    },
  }
}

const factsOf = (
  { host, repository }: RemoteAddress,
  pull: z.output<typeof pullSchema>,
): Omit<ForgePullRequest, 'checks' | 'comments'> => ({
  number: pull.number,
  url: linkOn(host, pull.html_url) ?? `https://${host}/${repository}/pull/${pull.number}`,
  title: cutName(pull.title),
  state: pull.merged ? 'merged' : pull.state === 'closed' ? 'closed' : pull.draft ? 'draft' : 'open',
  head: pull.head.sha,
  base: cutName(pull.base.ref),
})

const checkOf =
  (host: string) =>
  (run: z.output<typeof checkRunsSchema>['check_runs'][number]): RemoteCheck => ({
    name: cutName(run.name),
    state: run.status !== 'completed' ? 'pending' : conclusionOf(run.conclusion ?? ''),
    url: linkOn(host, run.html_url ?? ''),
  })

const conclusionOf = (conclusion: string): RemoteCheck['state'] => {
  if (conclusion === 'success') return 'passed'
  return conclusion === 'skipped' || conclusion === 'neutral' || conclusion === 'stale' ? 'skipped' : 'failed'
}

const statusOf =
  (host: string) =>
  ({ context, state, target_url }: z.output<typeof statusSchema>['statuses'][number]): RemoteCheck => ({
    name: cutName(context),
    state: state === 'success' ? 'passed' : state === 'pending' ? 'pending' : 'failed',
    url: linkOn(host, target_url ?? ''),
  })

const remarkOf = (host: string, kind: 'comment' | 'review' | 'line', one: z.output<typeof remarkSchema>) => ({
  key: `${kind}:${one.id}`,
  kind,
  author: cutName(one.user?.login ?? 'somebody who is gone'),
  body: cutBody(one.body ?? ''),
  path: null,
  line: null,
  url: linkOn(host, one.html_url ?? ''),
})

const lineComment = (host: string, one: z.output<typeof lineCommentsSchema>[number]) => ({
  ...remarkOf(host, 'line', one),
  path: one.path.slice(0, 4096),
  line: one.line ?? null,
  at: one.created_at,
})

/** A review whose comments are all on lines has no text of its own; asking for changes is news without any. */
const reviewOf = (host: string, one: z.output<typeof reviewsSchema>[number]): ForgePullRequest['comments'] => {
  const body = (one.body ?? '').trim()
  const verdict = { APPROVED: 'Approved.', CHANGES_REQUESTED: 'Asks for changes.' }[one.state] ?? ''
  if (body === '' && verdict === '') return []
  const text = [verdict, body].filter((part) => part !== '').join('\n\n')
  return [{ ...remarkOf(host, 'review', { ...one, body: text }), at: one.submitted_at ?? 0 }]
}
