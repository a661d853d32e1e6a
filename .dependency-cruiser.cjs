// One rule per arrow of docs/architecture.md, each with a comment that says what to do instead.
const ours = '^(shared|electron|renderer|e2e|scripts|bench)/'
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from },
  to: { path: ours, pathNot: allowed },
})
const never = (name, from, to, comment) => ({ name, comment, severity: 'error', from, to })

// Services may call those to the left. News to the left travels as an event, wired in create-backend.ts.
const serviceOrder = [
  ['settings', 'host', 'projects', 'agents'],
  ['worktrees'],
  ['terminals'],
  ['sessions'],
  ['asks'],
  ['leases'],
  ['radar'],
  ['tasks'],
  ['mail'],
  ['review'],
  ['staging'],
  ['comments'],
  ['checks'],
  ['merge'],
  ['activity'],
  ['agent-verbs'],
  ['agent-hooks'],
]
const serviceRules = serviceOrder.slice(0, -1).map((names, index) => {
  const later = serviceOrder.slice(index + 1).flat()
  return never(
    `service-order-${names.at(-1)}`,
    { path: `^electron/backend/features/(${names.join('|')})/` },
    { path: `^electron/backend/features/(${later.join('|')})/` },
    `These may not call ${later.join(', ')}: publish an event and wire it in create-backend.ts.`,
  )
})

// A test may use whatever real neighbour it needs; nothing may import a test.
const test = '[.]test[.]tsx?$'
const exceptFromTests = (rule) =>
  rule.name === 'no-cycles'
    ? rule
    : { ...rule, from: { ...rule.from, pathNot: [rule.from.pathNot ?? [], test].flat() } }

module.exports = {
  forbidden: [
    never('tests-are-leaves', {}, { path: test }, 'Move what is shared into a module of its own.'),
    never('no-cycles', {}, { circular: true }, 'Move what both need into a third file.'),

    only('shared-lib-is-a-leaf', '^shared/lib/', ['^shared/lib/'], 'shared/lib knows nothing of ours.'),
    only(
      'shared-protocols-know-lib-only',
      '^shared/(pty-protocol|terminal)/',
      ['^shared/(lib|pty-protocol|terminal)/'],
      'What the PTY host, the backend and the page share knows shared/lib alone.',
    ),
    only(
      'contract-knows-lib-only',
      '^shared/contract/',
      ['^shared/(lib|pty-protocol|terminal|contract)/'],
      'The contract says what may be asked; it never reaches into who answers.',
    ),
    only(
      'agent-verbs-speak-the-contract',
      '^shared/agent-verbs/',
      ['^shared/(lib|contract|agent-verbs)/'],
      'What agents may ask is said in the words of the contract; who answers is elsewhere.',
    ),
    only(
      'event-lines-speak-the-contract',
      '^shared/event-lines/',
      ['^shared/(lib|contract|event-lines)/'],
      'What happened is told in the words of the contract; names come as an argument.',
    ),
    only(
      'launcher-text-knows-nothing',
      '^shared/launcher/',
      ['^shared/launcher/'],
      'The text of a file, made of its arguments.',
    ),
    never(
      'shared-is-portable',
      { path: '^shared/' },
      { dependencyTypes: ['core'] },
      'shared runs in the page too: no Node.',
    ),

    never(
      'electron-only-in-desktop-host',
      { pathNot: '^electron/(main|preload)[.]ts$|^electron/hosts/desktop/|^e2e/' },
      { path: '(^|/)electron$|node_modules/electron/', pathNot: '^electron/' },
      'Only the desktop host knows Electron: pass what you need in as a dependency.',
    ),
    only('backend-knows-no-host', '^electron/backend/', ['^electron/backend/', '^shared/'], 'Hosts use the backend.'),
    only(
      'adapters-know-no-feature',
      '^electron/backend/(adapters|db|kernel)/',
      ['^electron/backend/(adapters|db|kernel)/', '^shared/'],
      'The lower floor knows no feature: take what you need as an argument.',
    ),
    only(
      'pty-host-stands-alone',
      '^electron/pty-host([.]ts$|/)',
      ['^electron/pty-host([.]ts$|/)', '^shared/'],
      'The PTY host outlives the app and must stay small: shared code only.',
    ),
    never(
      'rules-are-pure',
      { path: '-rules[.]ts$' },
      { pathNot: ['^shared/', '-rules[.]ts$'] },
      'Rules get values and give values: time, ids, files and rows are arguments.',
    ),
    never(
      'one-writer-per-table',
      { path: '^electron/backend/features/([^/]+)/' },
      { path: '^electron/backend/features/.+-store[.]ts$', pathNot: '^electron/backend/features/$1/' },
      'Ask the other feature through its service.',
    ),
    never(
      'features-meet-at-services',
      { path: '^electron/backend/features/([^/]+)/' },
      { path: '^electron/backend/features/', pathNot: ['^electron/backend/features/$1/', '-service[.]ts$'] },
      'Ask the other feature through its service.',
    ),
    ...serviceRules,
    never(
      'hosts-use-the-front-door',
      { path: '^electron/(hosts/|agent-gateway/|main|preload|web|cli)' },
      { path: '^electron/backend/', pathNot: '^electron/backend/(create-backend|open-direct)[.]ts$' },
      'Hosts know create-backend.ts and open-direct.ts and nothing deeper.',
    ),
    only(
      'command-starts-light',
      '^electron/cli([.]ts$|/)',
      ['^electron/cli/', '^electron/backend/open-direct[.]ts$', '^electron/hosts/common/take-turn[.]ts$', '^shared/'],
      'The command speaks to the app by its verbs, or opens the database by open-direct.ts: what both need is shared.',
    ),
    never(
      'hosts-are-strangers',
      { path: '^electron/hosts/([^/]+)/' },
      { path: '^electron/hosts/', pathNot: ['^electron/hosts/$1/', '^electron/hosts/common/'] },
      'What both hosts need lives in electron/hosts/common.',
    ),
    only('common-host-code-knows-no-host', '^electron/hosts/common/', [
      '^electron/hosts/common/',
      '^electron/agent-gateway/start-gateway[.]ts$',
      '^electron/backend/(create-backend|open-direct)[.]ts$',
      '^shared/',
    ]),

    never(
      'renderer-never-sees-node',
      { path: '^renderer/' },
      { path: '^(electron|e2e|scripts)/' },
      'Ask through the contract.',
    ),
    only(
      'renderer-lib-is-low',
      '^renderer/lib/',
      ['^renderer/lib/', '^shared/'],
      'renderer/lib knows no screen and no data.',
    ),
    only(
      'ui-is-dumb',
      '^renderer/ui/',
      ['^renderer/(ui|lib)/', '^shared/lib/'],
      'Props in, events out: data comes from the caller.',
    ),
    only('data-knows-no-screen', '^renderer/data/', ['^renderer/(data|lib)/', '^shared/'], 'Stores know no screen.'),
    only(
      'terminal-knows-no-feature',
      '^renderer/terminal/',
      ['^renderer/(terminal|data|ui|lib)/', '^shared/'],
      'The terminal serves every feature and knows none.',
    ),
    never(
      'features-are-strangers',
      { path: '^renderer/features/([^/]+)/' },
      { path: '^renderer/(features|app)/', pathNot: '^renderer/features/$1/' },
      'The app composes features; they never import one another.',
    ),
    only(
      'e2e-drives-from-outside',
      '^e2e/',
      // The names by which tests find things on the page are the page's own.
      ['^e2e/', '^shared/', '^renderer/lib/test-ids[.]ts$'],
      'End-to-end tests start the built app, as a person does.',
    ),
    never(
      'scripts-stand-alone',
      { path: '^scripts/' },
      { path: '^(shared|electron|renderer|e2e)/' },
      'Scripts run before there is a build.',
    ),
  ].map(exceptFromTests),
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|[.]cache)/' },
  },
}
