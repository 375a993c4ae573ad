import { useSyncExternalStore } from 'react'

// One clock for the whole page, which ticks every ten seconds: countdowns and waiting times agree with each other.
let now = Date.now()
const listeners = new Set<() => void>()
let timer: number | undefined

function subscribe(listen: () => void) {
  listeners.add(listen)
  timer ??= window.setInterval(() => {
    now = Date.now()
    listeners.forEach((tell) => tell())
  }, 10_000)
  return () => {
    listeners.delete(listen)
    if (listeners.size > 0) return
    window.clearInterval(timer)
    timer = undefined
  }
}

export const useNow = () => useSyncExternalStore(subscribe, () => now)
