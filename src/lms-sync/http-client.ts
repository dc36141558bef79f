import { Refused } from '../errors.ts'

/** Asks another service; a refusal where it cannot be reached. Redirects are not followed: what is sent is for that service alone. */
export const reach = async (address: string, request: RequestInit, seconds = 120): Promise<Response> => {
  try {
    return await fetch(address, { ...request, redirect: 'manual', signal: AbortSignal.timeout(seconds * 1_000) })
  } catch (cause) {
    const reasons = [(cause as Error).cause, cause].filter(one => one instanceof Error) // fetch hides the system's there
    const { code, message } = reasons[0] as NodeJS.ErrnoException
    throw new Refused(`${new URL(address).origin} cannot be reached (${code ?? message})`)
  }
}
