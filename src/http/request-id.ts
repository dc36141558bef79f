import { randomUUID } from 'node:crypto'

/** A client's own id is kept where it can do no harm in a log or a header. */
export const requestIdOf = (header: string | string[] | undefined): string =>
  typeof header === 'string' && /^[\w.:-]{1,128}$/.test(header)
    ? header
    : `${processPrefix}-${(requestNumber++).toString(36)}`

/** Told apart from the ids of every other process, and quicker to make than a random one for each. */
const processPrefix = randomUUID().slice(0, 13)
let requestNumber = 0
