import t from 'tap'
import { rounds } from './rounds.ts'
import { deliverThroughFaults } from './webhook-outage.ts'

/** Faults of webhooks, with many rounds. The second retry comes after five minutes, so this takes about seven minutes in any case. */
t.test('a receiver that was down gets every event of a service that was killed', t =>
  deliverThroughFaults(t, { kills: Math.ceil(rounds / 10), failures: 2 }),
)
