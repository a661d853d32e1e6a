import fc from 'fast-check'

// Generated tests draw the same inputs at each run: a failure is of the change that is tested, and can be seen again.
// To look for what they have not met yet, give another seed: SWITCHYARD_TEST_SEED=$RANDOM npm test -- PATH
fc.configureGlobal({ seed: Number(process.env.SWITCHYARD_TEST_SEED ?? 20_261_101) })
