/** A request of the bench: the same bytes every time. */
export interface BenchRequest {
  method: 'GET' | 'HEAD' | 'POST'
  /** Path and query. */
  path: string
  headers?: Record<string, string>
  body?: string
  /** The expected status; any other ends the bench. */
  status: number
}

export const get = (path: string): BenchRequest => ({ method: 'GET', path, status: 200 })

export const post = (path: string, body: unknown): BenchRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  status: 200,
})

/** Returns the bytes of a request (RFC 9112). */
export const bytesOf = ({ method, path, headers = {}, body }: BenchRequest): Buffer => {
  const length: Record<string, string> = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }
  const lines = Object.entries({ host: '127.0.0.1', ...headers, ...length }).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from(`${[`${method} ${path} HTTP/1.1`, ...lines].join('\r\n')}\r\n\r\n${body ?? ''}`)
}

export interface RecordedResponse {
  status: number
  type: string
  etag: string
  body: Buffer
}

/** Sends one request with fetch, and returns the whole response. */
export const fetchResponse = async (
  port: number,
  { method, path, headers, body }: BenchRequest,
): Promise<RecordedResponse> => {
  // Otherwise fetch would accept compressed bytes, which the load never does.
  const requestHeaders = { 'accept-encoding': 'identity', ...headers }
  const response = await fetch(`http://127.0.0.1:${port}${path}`, {
    method,
    headers: requestHeaders,
    ...(body && { body }),
  })
  return {
    status: response.status,
    type: response.headers.get('content-type') ?? '',
    etag: response.headers.get('etag') ?? '',
    body: Buffer.from(await response.arrayBuffer()),
  }
}
