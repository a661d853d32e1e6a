import { Mail } from 'lucide-react'
import { useState } from 'react'
import { useStore } from 'zustand'
import type { PullRequest, RemoteComment } from '../../../shared/contract/remote.ts'
import { visibleLine, visibleText } from '../../../shared/lib/visible-text.ts'
import { useNotices } from '../../lib/notices.tsx'
import { testId } from '../../lib/test-ids.ts'
import { AgeAgo } from '../../ui/age.tsx'
import { Tag } from '../../ui/bits.tsx'
import { Button } from '../../ui/button.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'
import { Link } from './link.tsx'
import type { RemoteDesk } from './remote-desk.ts'
import { checksWords, commentHead, forgeName, stateWords } from './remote-words.ts'

interface PullRequestViewProps {
  readonly desk: RemoteDesk
  readonly pull: PullRequest
}

/** A pull request as its forge told of it last: state, checks, and what people said. */
export const PullRequestView = ({ desk, pull }: PullRequestViewProps) => {
  const sum = checksWords(pull.checks)
  const failed = pull.checks.filter(({ state }) => state === 'failed')
  return (
    <div className="remote-pull" data-state={pull.state} data-testid={testId.pullRequest}>
      <p className="remote-line text-13">
        <Tag tone={pull.state === 'open' ? 'accent' : 'plain'}>{stateWords[pull.state]}</Tag>
        <span className="cut">{visibleLine(pull.title)}</span>
      </p>
      <p className="remote-line text-12 text-quiet">
        <Link url={pull.url}>
          #{pull.number} on {forgeName(pull.forge)}
        </Link>
        <span>
          asked <AgeAgo at={pull.fetchedAt} />
        </span>
      </p>
      {sum === null ? null : (
        <p className="remote-line text-12">
          <StatusMark kind={sum.mark} /> {sum.words}
        </p>
      )}
      {failed.length === 0 ? null : (
        <ul className="remote-failed text-12" aria-label="Checks that failed there">
          {failed.map(({ name, url }, at) => (
            // eslint-disable-next-line react/no-array-index-key -- two checks may have one name
            <li key={at} className="cut">
              {url === null ? visibleLine(name) : <Link url={url}>{visibleLine(name)}</Link>}
            </li>
          ))}
        </ul>
      )}
      <Comments desk={desk} pull={pull} />
    </div>
  )
}

const Comments = ({ desk, pull }: PullRequestViewProps) => {
  const comments = useStore(desk.store, (now) => now.comments)
  const give = useGive(desk)
  if (comments.length === 0) return null
  return (
    <>
      <div className="remote-line remote-said">
        <h3>From {forgeName(pull.forge)}</h3>
        <span className="spacer" />
        {pull.newComments > 1 ? (
          <Button size="small" icon={Mail} onClick={() => give(null)} data-testid={testId.remoteGiveAll}>
            Give all {pull.newComments} to the agent
          </Button>
        ) : null}
      </div>
      <ul className="remote-comments" aria-label={`Comments from ${forgeName(pull.forge)}`}>
        {comments.map((comment) => (
          <Comment key={comment.key} comment={comment} onGive={() => give([comment.key])} />
        ))}
      </ul>
    </>
  )
}

const useGive = (desk: RemoteDesk) => {
  const notices = useNotices()
  return (keys: string[] | null) =>
    void desk.give(keys).then((done) => {
      if ('refused' in done) return notices.refuse(done.refused)
      const what = done.count === 1 ? 'The comment was' : `${done.count} comments were`
      return notices.show({ icon: Mail, text: `${what} given to the agent.` })
    })
}

interface CommentProps {
  readonly comment: RemoteComment
  readonly onGive: () => void
}

/** What is longer is folded: a robot's report must not push everything else away. */
const shortLength = 280

/** One comment in its author's own words, whoever that is. */
const Comment = ({ comment, onGive }: CommentProps) => {
  const [isWhole, setWhole] = useState(false)
  const body = visibleText(comment.body)
  const isLong = body.length > shortLength
  return (
    <li className="remote-comment" data-testid={testId.remoteComment}>
      <p className="text-12 text-quiet cut">{commentHead(comment)}</p>
      <p className="remote-words text-13">{isLong && !isWhole ? `${body.slice(0, shortLength)}…` : body}</p>
      <div className="remote-comment-actions">
        {isLong ? (
          <Button size="small" variant="ghost" onClick={() => setWhole(!isWhole)}>
            {isWhole ? 'Show less' : 'Show all of it'}
          </Button>
        ) : null}
        {comment.givenAt === null ? (
          <Button size="small" variant="ghost" icon={Mail} onClick={onGive} data-testid={testId.remoteGive}>
            Give to the agent
          </Button>
        ) : (
          <span className="text-12 text-faint">
            The agent has it since <AgeAgo at={comment.givenAt} />
          </span>
        )}
      </div>
    </li>
  )
}
