import { randomUUID } from 'node:crypto'

/** A client's own id is kept where it can do no harm in a log or a header. */
export const requestIdOf = (given: string | string[] | undefined): string =>
  typeof given === 'string' && /^[\w.:-]{1,128}$/.test(given) ? given : `${thisProcess}-${(requests++).toString(36)}`

/** Told apart from the ids of every other process, and quicker to make than a random one for each. */
const thisProcess = randomUUID().slice(0, 13)
let requests = 0
