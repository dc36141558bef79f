import t from 'tap'
import { rounds } from './rounds.ts'
import { tellThroughFaults } from './telling.ts'

/** What befalls webhooks, in earnest: it takes some seven minutes whatever the rounds, as the second retry comes after five. */
t.test('a receiver that was away gets every event of a service that was killed', t =>
  tellThroughFaults(t, { kills: Math.ceil(rounds / 10), failures: 2 }),
)
