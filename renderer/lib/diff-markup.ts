// oxlint-disable-next-line import/default -- the build makes the module of this address, which exports its URL
import workerUrl from '@pierre/diffs/worker/worker.js?worker&url'
import { createDiffPolicy } from './diff-policy.ts'

const made: { policy?: ReturnType<typeof createDiffPolicy> } = {}

// Made when a diff is first drawn: a page that shows none has no policy at all.
const policy = () => (made.policy ??= createDiffPolicy(workerUrl))

/** What the library that draws diffs may write into the page; it throws for anything else. */
export const diffMarkup = (markup: string): string => policy().createHTML(markup)

/** Colours lines beside the page, so that the page stays quick. */
export const startDiffWorker = (): Worker => new Worker(policy().createScriptURL(workerUrl), { type: 'module' })
