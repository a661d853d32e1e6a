import { Kbd } from '../../ui/kbd.tsx'
import { StatusMark } from '../../ui/status-mark.tsx'

interface FirstStepsProps {
  readonly isReady: boolean
  readonly hasProject: boolean
  readonly newSessionKeys: string | undefined
}

/** The way to a first session, with the step that is next. */
export const FirstSteps = ({ isReady, hasProject, newSessionKeys }: FirstStepsProps) => {
  const steps = [
    {
      title: 'Check this computer',
      text: isReady ? 'An agent is ready.' : 'Without an agent of your own, the demo agent steps in.',
      isDone: true,
    },
    {
      title: 'Open a repository',
      text: 'Nothing is written to it until you start a session.',
      isDone: hasProject,
    },
    {
      title: 'Start a session',
      text: 'Say what you want, press Enter.',
      keys: newSessionKeys,
      isDone: false,
    },
    {
      title: 'Answer when it needs you',
      text: 'Permissions and questions are gathered in one list, oldest first.',
      isDone: false,
    },
  ]
  const current = steps.findIndex((step) => !step.isDone)
  return (
    <>
      <h3>To your first session, about a minute</h3>
      <ol className="first-steps">
        {steps.map((step, index) => (
          <li
            key={step.title}
            aria-current={index === current ? 'step' : undefined}
            data-done={step.isDone || undefined}
          >
            <span className="first-step-number num">{step.isDone ? <StatusMark kind="passed" /> : index + 1}</span>
            <div>
              <b>{step.title}</b>
              <p>
                {step.text} {step.keys === undefined ? null : <Kbd keys={step.keys} />}
              </p>
            </div>
          </li>
        ))}
      </ol>
    </>
  )
}
