// The one socket of this screen, for what is said to the server on it, and who waits for it.
import type { Socket } from 'socket.io-client'

let current: Socket | undefined
const arrivals = new Set<(s: Socket) => () => void>()
let leave: (() => void)[] = []

/** Makes a socket the current one until the returned function is called. */
export function makeCurrent(s: Socket): () => void {
  current = s
  leave = [...arrivals].map((greet) => greet(s))
  return () => {
    if (current !== s) return
    leave.forEach((bye) => bye())
    leave = []
    current = undefined
  }
}

/** Calls with the current socket, and with the one after it; what comes back is called when it goes. */
export function withSocket(greet: (s: Socket) => () => void): () => void {
  let bye: (() => void) | undefined
  const once = (s: Socket) => {
    const made = greet(s)
    bye = made
    return made
  }
  arrivals.add(once)
  if (current) leave.push(once(current))
  return () => {
    arrivals.delete(once)
    bye?.()
  }
}

export const tell = (name: string, body: unknown) => void (current?.connected && current.emit(name, body))
