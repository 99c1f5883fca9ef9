// The one way to the API: base path by tenant, problem+json as ApiError, versions and idempotency keys as headers.

export type FieldProblem = { pointer: string; code: string; detail: string }
type ProblemBody = {
  title?: string; status?: number; code?: string; detail?: string; errors?: FieldProblem[]; request_id?: string
}

/** A refusal by the server, or (`code` = "network") no answer at all. */
export class ApiError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly errors: FieldProblem[]
  readonly requestId: string | null

  constructor(status: number, body: ProblemBody, requestId: string | null) {
    super(body.detail ?? body.title ?? `HTTP ${status}`)
    this.name = 'ApiError'
    this.status = status
    this.code = body.code ?? 'unknown'
    this.detail = body.detail ?? body.title ?? ''
    this.errors = body.errors ?? []
    this.requestId = body.request_id ?? requestId
  }

  get isStale(): boolean { return this.status === 412 }
  get isOffline(): boolean { return this.code === 'network' }
}

export type QueryValue = string | number | boolean | null | undefined
export type Query = Record<string, QueryValue>
export type SendOptions = {
  /** Version the person saw; sent as If-Match so that a newer one is not overwritten. */
  version?: number | undefined
  /** Made once per form (see useIdempotencyKey), so that a repeated send creates one thing only. */
  idempotencyKey?: string | undefined
  query?: Query | undefined
  signal?: AbortSignal | undefined
  contentType?: string | undefined
}

export function toSearch(query: Query | undefined): string {
  const params = new URLSearchParams()
  for (const [name, value] of Object.entries(query ?? {})) {
    if (value === null || value === undefined || value === '' || value === false) continue
    params.set(name, String(value))
  }
  const text = params.toString()
  return text ? `?${text}` : ''
}

async function readProblem(response: Response): Promise<ApiError> {
  const requestId = response.headers.get('x-request-id')
  const isJson = (response.headers.get('content-type') ?? '').includes('json')
  const body = isJson ? ((await response.json().catch(() => ({}))) as ProblemBody) : {}
  return new ApiError(response.status, body, requestId)
}

export class ApiClient {
  readonly base: string

  constructor(base: string) { this.base = base }

  url(path: string, query?: Query): string { return `${this.base}${path}${toSearch(query)}` }

  get<T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> {
    return this.send<T>('GET', path, undefined, { query, signal })
  }
  post<T = void>(path: string, body?: unknown, options?: SendOptions): Promise<T> {
    return this.send<T>('POST', path, body, options)
  }
  /** The same where the answer is a file. */
  postForFile(path: string, body: unknown): Promise<Blob> {
    return this.fetched('POST', path, body, {}).then((response) => response.blob())
  }
  put<T = void>(path: string, body?: unknown, options?: SendOptions): Promise<T> {
    return this.send<T>('PUT', path, body, options)
  }
  patch<T = void>(path: string, body?: unknown, options?: SendOptions): Promise<T> {
    return this.send<T>('PATCH', path, body, options)
  }
  delete<T = void>(path: string, options?: SendOptions): Promise<T> {
    return this.send<T>('DELETE', path, undefined, options)
  }

  private async send<T>(method: string, path: string, body: unknown, options: SendOptions = {}): Promise<T> {
    const response = await this.fetched(method, path, body, options)
    if (response.status === 204 || response.status === 202) return undefined as T
    return (await response.json()) as T
  }

  private async fetched(method: string, path: string, body: unknown, options: SendOptions): Promise<Response> {
    const headers = new Headers({ accept: 'application/json', 'accept-language': document.documentElement.lang || 'de' })
    const raw = body instanceof Blob || typeof body === 'string'
    if (body !== undefined) {
      headers.set('content-type', options.contentType ?? (body instanceof Blob && body.type ? body.type : 'application/json'))
    }
    if (options.version !== undefined) headers.set('if-match', `"${options.version}"`)
    if (options.idempotencyKey) headers.set('idempotency-key', options.idempotencyKey)
    const init: RequestInit = { method, headers, credentials: 'same-origin', redirect: 'error' }
    if (body !== undefined) init.body = raw ? (body as BodyInit) : JSON.stringify(body)
    if (options.signal) init.signal = options.signal
    let response: Response
    try {
      response = await fetch(this.url(path, options.query), init)
    } catch (cause) {
      if (cause instanceof DOMException && cause.name === 'AbortError') throw cause
      throw new ApiError(0, { code: 'network' }, null)
    }
    if (!response.ok) throw await readProblem(response)
    return response
  }
}

export const rootApi = new ApiClient('/api/v1')
export const tenantApi = (slug: string): ApiClient => new ApiClient(`/api/v1/${encodeURIComponent(slug)}`)
