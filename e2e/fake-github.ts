import { mkdir, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

/** What GitHub knows of one pull request. */
export interface FakePull {
  readonly number: number
  readonly branch: string
  readonly title: string
  readonly body: string
  readonly base: string
  readonly sha: string
  readonly draft: boolean
  readonly state: 'open' | 'closed'
  readonly merged: boolean
}

export interface FakeGithub extends AsyncDisposable {
  /** For the environment of a `gh` that shall speak to this one. */
  readonly env: Readonly<Record<string, string>>
  readonly pulls: FakePull[]
  readonly checkRuns: object[]
  readonly statuses: object[]
  readonly lineComments: object[]
  readonly reviews: object[]
  readonly comments: object[]
  /** Each request: "GET host /path". */
  readonly asked: string[]
  /** Answered to everything while it is there. */
  refusal: { readonly status: number; readonly message: string } | null
}

/**
 * As much of GitHub's REST API as the app asks for, on a Unix socket in a folder: the real `gh` speaks plain HTTP to it when
 * its configuration names one. Nothing leaves the machine.
 */
export const createFakeGithub = async (folder: string): Promise<FakeGithub> => {
  const config = join(folder, 'gh')
  const socket = join(folder, 'gh.sock')
  await mkdir(config, { recursive: true })
  await writeFile(join(config, 'config.yml'), `http_unix_socket: ${socket}\n`, { mode: 0o600 })
  const server = createServer((request, response) => void answer(fake, request, response))
  const fake: FakeGithub = {
    env: { GH_CONFIG_DIR: config, GH_TOKEN: 'x' },
    pulls: [],
    checkRuns: [],
    statuses: [],
    lineComments: [],
    reviews: [],
    comments: [],
    asked: [],
    refusal: null,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  await new Promise<void>((resolve) => server.listen(socket, resolve))
  return fake
}

const answer = async (fake: FakeGithub, request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const url = new URL(request.url ?? '/', 'http://fake')
  const body = await text(request)
  fake.asked.push(`${request.method} ${request.headers.host} ${url.pathname}`)
  const [status, value] = fake.refusal
    ? [fake.refusal.status, { message: fake.refusal.message }]
    : route(fake, url, request.method === 'POST' ? (JSON.parse(body) as NewFakePull) : null)
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}

interface NewFakePull {
  readonly title: string
  readonly body: string
  readonly head: string
  readonly base: string
  readonly draft: boolean
}

const route = (fake: FakeGithub, url: URL, post: NewFakePull | null): readonly [number, unknown] => {
  const [, what = '', number, more] = /^\/repos\/acme\/app\/(pulls|issues|commits)(?:\/(\w+))?(?:\/([\w-]+))?$/.exec(
    url.pathname,
  ) ?? [null]
  const pull = fake.pulls.find((one) => one.number === Number(number))
  if (post) return create(fake, post)
  if (what === 'pulls' && number === undefined) {
    const head = url.searchParams.get('head')
    return [
      200,
      fake.pulls
        .filter(({ branch }) => `acme:${branch}` === head)
        .map(shown)
        .toReversed(),
    ]
  }
  if (what === 'commits' && more === 'check-runs') return [200, { check_runs: fake.checkRuns }]
  if (what === 'commits' && more === 'status') return [200, { statuses: fake.statuses }]
  if (what === 'issues' && more === 'comments') return [200, fake.comments]
  if (what === 'pulls' && more === 'comments') return [200, fake.lineComments]
  if (what === 'pulls' && more === 'reviews') return [200, fake.reviews]
  return pull && more === undefined ? [200, shown(pull)] : [404, { message: 'Not Found' }]
}

const create = (fake: FakeGithub, { title, body, head, base, draft }: NewFakePull): readonly [number, unknown] => {
  if (fake.pulls.some(({ branch, state }) => branch === head && state === 'open')) {
    const message = `A pull request already exists for acme:${head}.`
    return [422, { message: 'Validation Failed', errors: [{ resource: 'PullRequest', code: 'custom', message }] }]
  }
  const number = fake.pulls.length + 7
  const pull = { number, branch: head, title, body, base, draft, sha: 'a'.repeat(40), merged: false } as const
  fake.pulls.push({ ...pull, state: 'open' })
  return [201, shown({ ...pull, state: 'open' })]
}

const shown = ({ number, title, state, draft, merged, sha, base }: FakePull) => ({
  number,
  html_url: `https://github.com/acme/app/pull/${number}`,
  title,
  state,
  draft,
  merged,
  head: { sha },
  base: { ref: base },
})
