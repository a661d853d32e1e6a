/** One answer of the model: text, then tool calls. A script is a list of them. */
export interface Step {
  readonly text?: string
  readonly tools?: readonly { readonly name: string; readonly input: Readonly<Record<string, unknown>> }[]
  /** Hold the answer until the test releases this gate. */
  readonly gate?: string
  /** Hold the rest of the answer, once this many characters of its text were sent, until the gate is released. */
  readonly gateAfter?: { readonly characters: number; readonly gate: string }
}

export interface StepContext {
  readonly cwd: string
  readonly args: Readonly<Record<string, string>>
  /** The texts of the tool results that came with the request. */
  readonly results: readonly { readonly text: string; readonly isError: boolean }[]
}

export type Script = readonly ((context: StepContext) => Step)[]

const write = (path: string, content: string) => ({ name: 'Write', input: { file_path: path, content } })
const switchyard = (tool: string, input: Readonly<Record<string, unknown>>) => ({
  name: `mcp__switchyard__${tool}`,
  input,
})
/** The CLI tells the model the names of tools alone until it looks for them. */
const loadTools = (...names: readonly string[]): Step => {
  const query = `select:${names.map((name) => `mcp__switchyard__${name}`).join(',')}`
  return { tools: [{ name: 'ToolSearch', input: { query, max_results: 10 } }] }
}
const resultText = ({ results }: StepContext) => results.map(({ text }) => text).join('\n')
const arg = (context: StepContext, name: string) => context.args[name] ?? ''

/** The scripts that prompts may name: `Do it. [[scenario:write file=a.txt text="some words"]]`. */
export const scripts: Readonly<Record<string, Script>> = {
  /** One plain answer. */
  hello: [(context) => ({ text: `Hello ${arg(context, 'name') || 'there'}, this is the scripted model.` })],

  /** Writes a file, which asks for permission in the default mode, then reports. */
  write: [
    (context) => ({
      text: 'I will write the file.',
      tools: [write(`${context.cwd}/${arg(context, 'file')}`, `${arg(context, 'text')}\n`)],
    }),
    (context) => ({
      text: context.results.some((result) => result.isError)
        ? `The file ${arg(context, 'file')} was not written.`
        : `Wrote ${arg(context, 'file')}.`,
    }),
  ],

  /** Waits at a gate, then writes a file. */
  later: [
    (context) => ({
      text: 'I waited for this.',
      gate: arg(context, 'gate'),
      tools: [write(`${context.cwd}/${arg(context, 'file')}`, 'late\n')],
    }),
    (context) => ({ text: context.results.some(({ isError }) => isError) ? 'It was denied.' : 'It is written.' }),
  ],

  /** Writes two files one after the other, waiting at a gate between them. */
  steps: [
    (context) => ({ text: 'First part.', tools: [write(`${context.cwd}/one.txt`, 'one\n')] }),
    (context) => ({
      text: 'Second part.',
      gate: arg(context, 'gate'),
      tools: [write(`${context.cwd}/two.txt`, 'two\n')],
    }),
    () => ({ text: 'Both parts are done.' }),
  ],

  /** Runs a shell command, then repeats what it printed. */
  bash: [
    (context) => ({
      tools: [{ name: 'Bash', input: { command: arg(context, 'cmd'), description: 'Run the scripted command' } }],
    }),
    (context) => ({ text: `The command said: ${context.results.map((result) => result.text).join('\n')}` }),
  ],

  /** Starts to answer and goes on when the test lets it. */
  gated: [
    (context) => ({
      text: 'The first half of the answer.\nAnd the second half of it.\n',
      gateAfter: { characters: 30, gate: arg(context, 'gate') },
    }),
  ],

  /** Takes the next shared task and a lease, begins, says how far it came, and tells another session when it may. */
  lead: [
    () => loadTools('claim_task', 'lease', 'checkpoint', 'mail_send'),
    () => ({ tools: [switchyard('claim_task', {})] }),
    (context) => ({
      tools: [switchyard('lease', { action: 'acquire', targets: [arg(context, 'file')], policy: 'enforce' })],
    }),
    (context) => ({ tools: [write(`${context.cwd}/half.txt`, 'half of it\n')] }),
    () => ({ tools: [switchyard('checkpoint', { summary: 'Half is done.', next: 'The other half.' })] }),
    (context) => ({
      gate: arg(context, 'mail'),
      tools: [
        switchyard('mail_send', {
          to: [arg(context, 'to')],
          subject: 'A word',
          body: 'Say that you have this. [[scenario:acknowledge]]',
          needsAck: true,
        }),
      ],
    }),
    (context) => ({ gate: arg(context, 'rest'), text: 'The other half is done.' }),
  ],

  /** Takes the next shared task and writes a file for it. */
  second: [
    () => loadTools('claim_task'),
    () => ({ tools: [switchyard('claim_task', {})] }),
    (context) => ({ tools: [write(`${context.cwd}/${arg(context, 'file')}`, 'mine\n')] }),
    (context) => ({ text: resultText(context) }),
  ],

  /** Says that it has dealt with the mail it was sent. */
  acknowledge: [
    () => loadTools('mail_inbox'),
    () => ({ tools: [switchyard('mail_inbox', { action: 'inbox' })] }),
    (context) => ({
      tools: [
        switchyard('mail_inbox', {
          action: 'ack',
          messages: resultText(context)
            .match(/msg_\w+/g)
            ?.slice(0, 1),
        }),
      ],
    }),
    () => ({ text: 'I have read it.' }),
  ],

  /** Takes a shared task, looks at what the attempt before left, and hands it in. */
  finish: [
    () => loadTools('claim_task', 'submit_task'),
    (context) => ({ tools: [switchyard('claim_task', { task: arg(context, 'task') })] }),
    (context) => ({
      tools: [
        {
          name: 'Bash',
          input: {
            command: `git show ${/refs\/switchyard\/rescue\/[\w-]+/.exec(resultText(context))?.[0]}:folder/half.txt`,
            description: 'Look at the work that was kept',
          },
        },
      ],
    }),
    (context) => ({ tools: [switchyard('submit_task', { summary: `It went on from: ${resultText(context)}` })] }),
    () => ({ text: 'All of it is done.' }),
  ],

  /** Starts a teammate, for which the CLI needs its teams switched on. */
  team: [
    () => ({
      text: 'I start alice.',
      tools: [
        {
          name: 'Agent',
          input: {
            description: 'Read the code',
            subagent_type: 'general-purpose',
            name: 'alice',
            prompt: 'Read it. [[scenario:mate]]',
          },
        },
      ],
    }),
    (context) => ({ text: context.results[0]?.isError ? 'There is no team here.' : 'Alice is at work.' }),
  ],

  /** What a teammate does: it takes a task, waits for the test, writes to its leader, and completes the task. */
  mate: [
    () => ({ tools: [{ name: 'TaskCreate', input: { subject: 'Read the parser', description: 'All of it' } }] }),
    () => ({ tools: [{ name: 'TaskUpdate', input: { taskId: '1', status: 'in_progress', owner: 'alice' } }] }),
    () => ({
      gate: 'mate',
      tools: [{ name: 'SendMessage', input: { to: 'team-lead', message: 'Half done', summary: 'Half done' } }],
    }),
    () => ({ gate: 'mate-ends', tools: [{ name: 'TaskUpdate', input: { taskId: '1', status: 'completed' } }] }),
    () => ({ text: 'I have read it.' }),
  ],

  /** Asks the person a question with two choices. */
  question: [
    () => ({
      tools: [
        {
          name: 'AskUserQuestion',
          input: {
            questions: [
              {
                question: 'Which colour?',
                header: 'Colour',
                multiSelect: false,
                options: [
                  { label: 'Green', description: 'As the grass' },
                  { label: 'Blue', description: 'As the sky' },
                ],
              },
            ],
          },
        },
      ],
    }),
    (context) => ({ text: `You said: ${context.results.map((result) => result.text).join(' ')}` }),
  ],
}
