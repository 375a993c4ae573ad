import { chosenHotel } from './hotel'
import { accessToken, forgetTokens, keepTokens, refreshToken } from './session'
import type { Problem } from './types'

/** Where the API is: where the page came from, unless the build names another origin. */
export const apiOrigin = (import.meta.env.PUBLIC_API_URL ?? '').replace(/\/$/, '')

/** What the server refused, by its stable code. `offline` is ours: there was no answer. */
export class ApiError extends Error {
  constructor(readonly code: string, readonly status: number, readonly problem?: Problem) {
    super(problem?.message ?? code)
  }
}

type Call = { method?: string; body?: unknown; signal?: AbortSignal; anonymous?: boolean; idempotencyKey?: string }

/** Calls the API, with a fresh access token where the one we had has run out. */
export const call = <T>(path: string, c: Call = {}): Promise<T> => withLogin(c, () => once<T>(path, c))

/** Fetches a file, with the name that the server gives it. */
export const callFile = (path: string): Promise<{ file: Blob; name: string }> => withLogin({}, async () => {
  const answer = await ask(path, {})
  return { file: await answer.blob(), name: /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? '' }
})

async function withLogin<T>(c: Call, work: () => Promise<T>): Promise<T> {
  if (!c.anonymous && accessToken() === '') await refresh()
  const used = accessToken()
  try {
    return await work()
  } catch (e) {
    if (c.anonymous || !(e instanceof ApiError) || e.status !== 401) throw e
    if (accessToken() === used) await refresh()
    return work()
  }
}

/** The headers that say who asks, and of which hotel. */
export const identity = (): Record<string, string> => ({
  Authorization: `Bearer ${accessToken()}`, ...(chosenHotel() !== '' && { 'X-Tenant-Slug': chosenHotel() }),
})

async function once<T>(path: string, c: Call): Promise<T> {
  const text = await (await ask(path, c)).text()
  return (text === '' ? undefined : parse(text)) as T
}

async function ask(path: string, c: Call): Promise<Response> {
  const isForm = c.body instanceof FormData
  const headers: Record<string, string> = {}
  if (c.body !== undefined && !isForm) headers['Content-Type'] = 'application/json'
  if (c.idempotencyKey !== undefined) headers['Idempotency-Key'] = c.idempotencyKey
  if (!c.anonymous) Object.assign(headers, identity())
  const body = c.body === undefined ? null : isForm ? (c.body as FormData) : JSON.stringify(c.body)
  const answer = await fetch(apiOrigin + path, { method: c.method ?? 'GET', headers, body, signal: c.signal ?? null }).catch((e: unknown) => {
    if (c.signal?.aborted) throw e
    throw new ApiError('offline', 0)
  })
  if (answer.ok) return answer
  const said = parse(await answer.text()) as Problem | undefined
  throw new ApiError(said?.code ?? 'internal', answer.status, said)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // a proxy's page
  }
}

let refreshing: Promise<void> | undefined

/** Gets new tokens, once for all who ask at the same time. */
export function refresh(): Promise<void> {
  refreshing ??= alone(renew).finally(() => (refreshing = undefined))
  return refreshing
}

async function alone(work: () => Promise<void>): Promise<void> {
  await ('locks' in navigator ? navigator.locks.request('botreserva.refresh', work) : work())
}

async function renew() {
  const token = refreshToken()
  if (token === null) throw new ApiError('session_ended', 401)
  try {
    keepTokens(await once('/auth/refresh', { method: 'POST', body: { refreshToken: token }, anonymous: true }))
  } catch (e) {
    if (e instanceof ApiError && e.status >= 400 && e.status < 500 && e.status !== 429) forgetTokens()
    throw e
  }
}
