import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** Something the database has done; times are in milliseconds of the clock that never jumps. */
export interface DatabaseWork {
  kind: 'read' | 'write'
  /** SQL without its values, or the name of a write. */
  text: string
  start: number
  end: number
}

/** A request that was answered, with what it turned out to be. */
export interface AnsweredRequest {
  request: IncomingMessage
  /** Undefined where nothing is at the address. */
  route: string | undefined
  status: number
}

/** A GraphQL operation that was answered, or refused, before its request is. */
export interface GraphqlOperation {
  request: IncomingMessage
  type: string
  /** As the client calls it, where it does. */
  name: string | undefined
}

/**
 * What happens inside is told through Node's own channels for it, so that nothing that works has to know who measures. They
 * are of one thread, and telling nobody costs next to nothing.
 */
const topic = <T>(name: string) => {
  const told = channel(`curriculum:${name}`)
  return {
    tell: (message: T): void => told.publish(message),
    /** Until what it answers is called. */
    hear: (listener: (message: T) => void): (() => void) => {
      const heard = (message: unknown): void => listener(message as T) // nobody else tells anything here
      told.subscribe(heard)
      return () => void told.unsubscribe(heard)
    },
  }
}

export const databaseWork = topic<DatabaseWork>('database-work')
export const answeredRequest = topic<AnsweredRequest>('answered-request')
export const graphqlOperation = topic<GraphqlOperation>('graphql-operation')
