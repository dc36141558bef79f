import { channel } from 'node:diagnostics_channel'
import type { IncomingMessage } from 'node:http'

/** A finished read or write of the database; times are in milliseconds of the monotonic clock (`performance.now()`). */
export interface DatabaseWork {
  kind: 'read' | 'write'
  /** SQL without its values, or the name of a write. */
  text: string
  start: number
  end: number
}

/** A request after its response was sent. */
export interface AnsweredRequest {
  request: IncomingMessage
  /** Undefined when no route matched (404). */
  route: string | undefined
  status: number
}

/** A GraphQL operation that was executed or rejected; published before its request is answered. */
export interface GraphqlOperation {
  request: IncomingMessage
  type: string
  /** The operation name; undefined for an anonymous operation. */
  name: string | undefined
}

/**
 * Creates a typed diagnostics channel (node:diagnostics_channel): code that does the work publishes, metrics and traces
 * subscribe. A channel belongs to one thread, and publishing without subscribers costs almost nothing.
 */
const createTopic = <T>(name: string) => {
  const nodeChannel = channel(`curriculum:${name}`)
  return {
    publish: (message: T): void => nodeChannel.publish(message),
    /** Calls the listener for each message until the returned function is called. */
    subscribe: (listener: (message: T) => void): (() => void) => {
      const onMessage = (message: unknown): void => listener(message as T) // only publish() above writes to this channel
      nodeChannel.subscribe(onMessage)
      return () => void nodeChannel.unsubscribe(onMessage)
    },
  }
}

export const databaseWork = createTopic<DatabaseWork>('database-work')
export const answeredRequest = createTopic<AnsweredRequest>('answered-request')
export const graphqlOperation = createTopic<GraphqlOperation>('graphql-operation')
