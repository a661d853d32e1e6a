import { z } from 'zod'
import type { RemoteCheck } from '../../../../shared/contract/remote.ts'
import { ok } from '../../../../shared/lib/result.ts'
import { createCallApi, type ApiToolDeps } from './api-tool.ts'
import { byTime, cutBody, cutName, mostComments, type Forge, type ForgePullRequest } from './forge.ts'
import type { Tool } from './forge-words-rules.ts'
import { linkOn } from './remote-address-rules.ts'

export const gitlabTool: Tool = {
  kind: 'gitlab',
  command: 'glab',
  missing:
    'Merge requests need the GitLab CLI. Install glab (https://gitlab.com/gitlab-org/cli) and run: glab auth login',
  variables: ['GLAB_CONFIG_DIR'],
  additions: { NO_PROMPT: 'true', GLAB_CHECK_UPDATE: 'false', GLAB_SEND_TELEMETRY: 'false', NO_COLOR: '1' },
}

const timeSchema = z.string().transform((text) => Date.parse(text) || 0)
const numberedSchema = z.object({ iid: z.number().int().positive() })
const mergeRequestSchema = numberedSchema.extend({
  web_url: z.string(),
  title: z.string(),
  state: z.enum(['opened', 'closed', 'locked', 'merged']),
  draft: z.boolean().default(false),
  sha: z.string().regex(/^[0-9a-f]{40,64}$/),
  target_branch: z.string(),
  head_pipeline: z.object({ id: z.number().int() }).nullish(),
})
const jobsSchema = z.array(
  z.object({
    name: z.string(),
    status: z.string(),
    web_url: z.string().nullish(),
    allow_failure: z.boolean().default(false),
  }),
)
const noteSchema = z.object({
  id: z.number(),
  body: z.string(),
  author: z.object({ username: z.string() }).nullish(),
  system: z.boolean().default(false),
  created_at: timeSchema,
  position: z.object({ new_path: z.string().nullish(), new_line: z.number().int().positive().nullish() }).nullish(),
})
const discussionsSchema = z.array(z.object({ notes: z.array(noteSchema) }))

/** GitLab by its command-line program, whose `api` speaks the REST API with the person's login. */
export const createGitlab = (deps: Omit<ApiToolDeps, 'tool'>): Forge => {
  const call = createCallApi({ ...deps, tool: gitlabTool })
  return {
    kind: 'gitlab',
    find: async ({ host, repository }, branch, signal) => {
      const query = `source_branch=${encodeURIComponent(branch)}&order_by=created_at&sort=desc&per_page=1`
      const path = `${projectPath(repository)}/merge_requests?${query}`
      const found = await call({ host, path, schema: z.array(numberedSchema), signal })
      return found.ok ? ok(found.value[0]?.iid ?? null) : found
    },
    create: async ({ host, repository }, { branch, base, title, body, isDraft }, signal) => {
      const wish = {
        source_branch: branch,
        target_branch: base,
        // A draft is known by its title.
        title: isDraft ? `Draft: ${title}` : title,
        description: body,
      }
      const path = `${projectPath(repository)}/merge_requests`
      const made = await call({ host, path, schema: numberedSchema, body: wish, signal })
      return made.ok ? ok(made.value.iid) : made
    },
    read: async ({ host, repository }, number, signal) => {
      const project = projectPath(repository)
      const path = `${project}/merge_requests/${number}`
      const request = await call({ host, path, schema: mergeRequestSchema, signal })
      if (!request.ok) return request
      const pipeline = request.value.head_pipeline?.id
      const [jobs, discussions] = await Promise.all([
        pipeline === undefined
          ? ok([])
          : call({ host, path: `${project}/pipelines/${pipeline}/jobs?per_page=100`, schema: jobsSchema, signal }),
        call({ host, path: `${path}/discussions?per_page=100`, schema: discussionsSchema, signal }),
      ])
      if (!jobs.ok) return jobs
      if (!discussions.ok) return discussions
      const { iid, web_url, title, sha, target_branch } = request.value
      const url = linkOn(host, web_url) ?? `https://${host}/${repository}/-/merge_requests/${iid}`
      const said = discussions.value.flatMap(({ notes }) => notes.filter((note) => !note.system).map(noteOf(url)))
      return ok({
        number: iid,
        url,
        title: cutName(title),
        state: stateOf(request.value),
        head: sha,
        base: cutName(target_branch),
        checks: jobs.value.slice(0, mostComments).map(jobOf(host)),
        comments: byTime(said),
      })
    },
  }
}

/** A project is named by its path, of which every part is one. */
const projectPath = (repository: string): string => `projects/${encodeURIComponent(repository)}`

const stateOf = ({ state, draft }: z.output<typeof mergeRequestSchema>): ForgePullRequest['state'] => {
  if (state === 'merged') return 'merged'
  if (state === 'closed') return 'closed'
  return draft ? 'draft' : 'open'
}

const jobOf =
  (host: string) =>
  ({ name, status, web_url, allow_failure }: z.output<typeof jobsSchema>[number]): RemoteCheck => ({
    name: cutName(name),
    state: jobState(status, allow_failure),
    url: linkOn(host, web_url ?? ''),
  })

const jobState = (status: string, mayFail: boolean): RemoteCheck['state'] => {
  if (status === 'success') return 'passed'
  if (status === 'skipped' || status === 'manual') return 'skipped'
  if (status === 'failed' || status === 'canceled') return mayFail ? 'skipped' : 'failed'
  return 'pending'
}

const noteOf =
  (url: string) =>
  (note: z.output<typeof noteSchema>): ForgePullRequest['comments'][number] => {
    const path = note.position?.new_path?.slice(0, 4096) ?? null
    return {
      key: `note:${note.id}`,
      kind: path === null ? 'comment' : 'line',
      author: cutName(note.author?.username ?? 'somebody who is gone'),
      body: cutBody(note.body),
      path,
      line: path === null ? null : (note.position?.new_line ?? null),
      url: `${url}#note_${note.id}`,
      at: note.created_at,
    }
  }
