import { rescuedWorkText } from './rescued-work.ts'
import type { TaskDetail } from './tasks.ts'
import type { Task } from './task-rows.ts'

/** What a brief is made from. */
export type BriefSource = Pick<TaskDetail, 'task' | 'attempts' | 'checkpoints' | 'comments'>

// A prompt holds 100,000 characters, of which the body may take two thirds.
const mostCommentCharacters = 20_000

/**
 * What a session is told of the task it is started on, in Markdown: the task in its own words, what an earlier attempt left
 * behind, and what was said about it.
 */
export const briefOf = ({ task, attempts, checkpoints, comments }: BriefSource): string =>
  [
    `# ${task.key}: ${task.title}`,
    task.body.trim(),
    factsOf(task),
    leftBehind(attempts, checkpoints),
    commentsOf(comments),
  ]
    .filter((part) => part !== '')
    .join('\n\n')

const factsOf = ({ declaredPaths, doneWhen }: Task): string =>
  [
    ...(declaredPaths.length === 0
      ? []
      : [`Change files here alone: ${declaredPaths.map((path) => `\`${path}\``).join(', ')}.`]),
    doneWhen === 'merged'
      ? 'It is done when its branch is merged: commit your work to the branch you are on.'
      : 'It is done when a person has accepted your work: commit it to the branch you are on.',
  ].join('\n')

const leftBehind = (attempts: BriefSource['attempts'], checkpoints: BriefSource['checkpoints']): string => {
  const checkpoint = checkpoints.toSorted((a, b) => b.at - a.at)[0]
  const newestFirst = attempts.toSorted((a, b) => b.number - a.number)
  const rescueRef = newestFirst.find((attempt) => attempt.rescueRef !== null)?.rescueRef ?? null
  const lines = [
    ...(checkpoint === undefined ? [] : [checkpoint.summary.trim()]),
    ...(checkpoint?.headSha == null ? [] : [`Its commit was \`${checkpoint.headSha}\`.`]),
    ...(checkpoint === undefined || checkpoint.nextSteps.trim() === '' ? [] : [`Next: ${checkpoint.nextSteps.trim()}`]),
    ...(rescueRef === null ? [] : [rescuedWorkText(rescueRef)]),
  ]
  return lines.length === 0 ? '' : ['## What an earlier attempt left', ...lines].join('\n\n')
}

/** The newest that find room, oldest first. */
const commentsOf = (comments: BriefSource['comments']): string => {
  const lines: string[] = []
  let room = mostCommentCharacters
  for (const { by, body } of comments.toSorted((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1))) {
    const text = `${by.kind === 'person' ? 'The person' : by.kind === 'session' ? 'Another session' : 'Switchyard'} wrote:\n\n${quoted(body.trim())}`
    if (text.length > room) break
    room -= text.length
    lines.unshift(text)
  }
  return lines.length === 0 ? '' : ['## Comments', ...lines].join('\n\n')
}

const quoted = (text: string): string => text.replace(/^/gm, '> ')
