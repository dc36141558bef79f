import { Refused } from '../errors.ts'

/**
 * Sends a request to another service; rejects with `Refused` when it cannot be reached. Redirects are not followed, because
 * the request may contain a token.
 */
export const fetchFrom = async (address: string, request: RequestInit, seconds = 120): Promise<Response> => {
  try {
    return await fetch(address, { ...request, redirect: 'manual', signal: AbortSignal.timeout(seconds * 1_000) })
  } catch (cause) {
    const reasons = [(cause as Error).cause, cause].filter(one => one instanceof Error) // fetch hides the system's there
    const { code, message } = reasons[0] as NodeJS.ErrnoException
    throw new Refused(`${new URL(address).origin} cannot be reached (${code ?? message})`)
  }
}
