import { ApiError, apiOrigin, identity, refresh } from './client'
import { accessToken } from './session'
import type { Problem, Uploaded } from './types'

type Upload = { voice?: boolean; signal: AbortSignal; onProgress: (part: number) => void }

/** Uploads a file, telling how far it is (0 to 1): fetch cannot. Aborting it throws what the signal says. */
export async function upload(file: Blob, name: string, u: Upload): Promise<Uploaded> {
  if (accessToken() === '') await refresh()
  const used = accessToken()
  try {
    return await once(file, name, u)
  } catch (e) {
    if (!(e instanceof ApiError) || e.status !== 401) throw e
    if (accessToken() === used) await refresh()
    return once(file, name, u)
  }
}

function once(file: Blob, name: string, u: Upload): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    const way = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, name)
    way.open('POST', `${apiOrigin}/api/media/upload${u.voice ? '?voice=true' : ''}`)
    Object.entries(identity()).forEach(([key, value]) => way.setRequestHeader(key, value))
    way.upload.onprogress = (e) => e.lengthComputable && u.onProgress(e.loaded / e.total)
    way.onload = () => (way.status === 201 ? resolve(parse(way.responseText) as Uploaded) : reject(refusal(way)))
    way.onerror = () => reject(new ApiError('offline', 0))
    way.onabort = () => reject(u.signal.reason)
    u.signal.addEventListener('abort', () => way.abort(), { once: true })
    if (u.signal.aborted) return reject(u.signal.reason)
    way.send(form)
  })
}

function refusal(way: XMLHttpRequest): ApiError {
  const said = parse(way.responseText) as Problem | undefined
  return new ApiError(said?.code ?? 'internal', way.status, said)
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
