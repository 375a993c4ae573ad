// The log-in of this browser: the access token lives in memory, the refresh token outlives the tab. Two tabs may
// refresh at once; the server forgives that for half a minute (ADR 4), and a lock makes it rare.
type Tokens = { accessToken: string; refreshToken: string }

const key = 'botreserva.refresh'
let access = ''
const listeners = new Set<() => void>()

export const accessToken = () => access
export const refreshToken = () => localStorage.getItem(key)
export const isLoggedIn = () => refreshToken() !== null

export function keepTokens(t: Tokens) {
  access = t.accessToken
  localStorage.setItem(key, t.refreshToken)
}

/** Forgets the log-in and tells who listens that it ended. */
export function forgetTokens() {
  access = ''
  localStorage.removeItem(key)
  listeners.forEach((tell) => tell())
}

export function onSessionEnd(listen: () => void) {
  const fromOtherTab = (e: StorageEvent) => {
    if (e.key === key && e.newValue === null) forgetTokens()
  }
  listeners.add(listen)
  window.addEventListener('storage', fromOtherTab)
  return () => {
    listeners.delete(listen)
    window.removeEventListener('storage', fromOtherTab)
  }
}
