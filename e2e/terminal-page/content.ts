// What four agents may have on their screens, as they print it: for looking at the tiles with something real in them.

const esc = '\x1b['
const paint = (code: string) => (text: string) => `${esc}${code}m${text}${esc}0m`
const dim = paint('90')
const bold = paint('1')
const green = paint('32')
const red = paint('31')
const blue = paint('34')
const yellow = paint('33')
const cyan = paint('36')
const orange = paint('38;2;224;145;108')
const rule = (cols: number) => dim('─'.repeat(cols))
const added = (text: string, cols: number) => `${esc}48;2;24;44;32m${text.padEnd(cols)}${esc}0m`
const removed = (text: string, cols: number) => `${esc}48;2;60;26;30m${text.padEnd(cols)}${esc}0m`

const promptOf = (cols: number, left: string, right: string) => [
  '',
  rule(cols),
  `${dim('❯')} `,
  rule(cols),
  `  ${dim(left)}${' '.repeat(Math.max(1, cols - left.length - right.length - 4))}${dim(right)}`,
]

export const screensOf = (cols: number): readonly (readonly string[])[] => [
  [
    `${dim('❯')} ${bold('Cover the replay case too: same key, different body must be a 409.')}`,
    '',
    `${green('●')} ${bold('Update')}(src/transfers/idempotency.ts)`,
    `  ${dim('└')}  Updated with 6 additions and 2 removals`,
    removed('   41 -    const hit = await store.find(key);', cols),
    removed('   42 -    if (hit) return hit.response;', cols),
    added('   41 +    const hit = await store.find(account, key);', cols),
    added('   42 +    if (hit && hit.bodyHash !== bodyHash) {', cols),
    added('   43 +      throw new Conflict("idempotency_key_reused", { key });', cols),
    added('   44 +    }', cols),
    added('   45 +    if (hit?.state === "done") return hit.response;', cols),
    '',
    `${green('●')} ${bold('Bash')}(npx vitest run test/transfers/idempotency.test.ts)`,
    `  ${dim('└')}  ${green('✓')} test/transfers/idempotency.test.ts ${dim('(11 tests) 842ms')}`,
    `     ${dim('Tests')}  ${green('11 passed')} ${dim('(11)')}`,
    '',
    `${orange('✳ Checking the lock path under load…')} ${dim('(38s · 2.1k tokens)')}`,
    `  ${dim('└  ☒ Hash the body  ☒ 409 on mismatch')}  ${bold('☐ Race: two first writers')}`,
    ...promptOf(cols, '▸▸ accept edits on (shift+tab to cycle)', 'LED-139 · opus 5.5'),
  ],
  [
    `${green('●')} ${bold('Write')}(prisma/migrations/20261121_webhook_attempts/migration.sql)`,
    `  ${dim('└')}  Wrote 14 lines`,
    '',
    `${green('●')} The schema is in place. The table has to exist in the test`,
    '  database before the retry worker can run end to end.',
    '',
    `${esc}36m${'─'.repeat(cols)}${esc}0m`,
    ` ${bold('Bash command')}`,
    '',
    '   npx prisma migrate deploy --schema prisma/schema.prisma',
    `   ${dim('Apply the webhook_attempts migration to the test database')}`,
    '',
    ' Do you want to proceed?',
    ` ${cyan('❯ 1. Yes')}`,
    `   2. Yes, and don't ask again for ${bold('npx prisma migrate:*')}`,
    `   3. No, and tell Claude what to do differently ${dim('(esc)')}`,
  ],
  [
    `${green('●')} ${bold('Bash')}(npm run test:integration -- --project settlement)`,
    `  ${dim('└')}   ${dim('RUN  v4.0.2')}`,
    `      ${green('✓')} settlement/batch.test.ts ${dim('(24 tests) 3.1s')}`,
    `      ${green('✓')} settlement/fx-rates.test.ts ${dim('(9 tests) 611ms')}`,
    `      ${red('✗')} settlement/cutoff.test.ts ${dim('(7 tests, 1 failed) 1.9s')}`,
    `        ${red("× closes the day at 17:00 in the bank's zone")}`,
    `          ${dim('expected')} ${green('2026-11-20T17:00:00+01:00')}`,
    `          ${dim('received')} ${red('2026-11-20T16:00:00+00:00')}`,
    `      ${dim('… +18 lines (ctrl+o to expand)')}`,
    '',
    `${green('●')} The worker formats cutoffs in UTC. The zone has to travel with`,
    `  the batch. Reading how ${blue('src/settlement/calendar.ts')} keeps it.`,
    '',
    `${orange('✻ Tracing the zone through the batch…')} ${dim('(1m 12s · 6.8k tokens)')}`,
    ...promptOf(cols, '▸▸ auto mode on (shift+tab to cycle)', 'LED-131 · opus 5.5'),
  ],
  [
    `${green('●')} ${bold('Bash')}(for i in $(seq 50); do npx vitest run balance --silent; done)`,
    `  ${dim('└')}  ${green('50 runs, 50 passed')}`,
    '',
    `${green('●')} The test was not flaky, the fixture was. Two entries got the`,
    `  same ${bold('posted_at')} and the query had no tie-breaker.`,
    '',
    `  ${bold('1.')} src/ledger/balance.ts: order by posted_at, then entry id`,
    `  ${bold('2.')} test/ledger/balance.test.ts: fixed clock instead of now()`,
    '',
    '  Fifty runs pass, before it was 46 of 50. EXPLAIN still shows the',
    '  index on (account_id, posted_at). I committed both as',
    `  ${yellow('c41e9d2')}. Anything else on this one?`,
    '',
    dim('✻ Worked for 6m 41s'),
    ...promptOf(cols, '▸▸ accept edits on (shift+tab to cycle)', 'LED-150 · sonnet 5'),
  ],
]
