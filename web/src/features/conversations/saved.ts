// Filters that somebody named, in this browser, each person's own.
import { useSyncExternalStore } from 'react'
import { noFilter, type ListFilter } from '@/api/desk-keys'

export type Saved = { name: string; filter: ListFilter }

const most = 20
const key = (me: string) => `botreserva.filters.${me}`
const listeners = new Set<() => void>()
const read = new Map<string, { text: string; list: Saved[] }>()

export function savedOf(me: string): Saved[] {
  const text = localStorage.getItem(key(me)) ?? '[]'
  const known = read.get(me)
  if (known?.text === text) return known.list
  const list = parsed(text)
  read.set(me, { text, list })
  return list
}

/** Older versions may have kept less or other things. */
export function parsed(text: string): Saved[] {
  try {
    const kept = JSON.parse(text) as Saved[]
    return kept.filter((s) => typeof s.name === 'string').map((s) => ({ name: s.name, filter: { ...noFilter, ...s.filter, search: '' } }))
  } catch {
    return []
  }
}

function write(me: string, list: Saved[]) {
  localStorage.setItem(key(me), JSON.stringify(list))
  listeners.forEach((tell) => tell())
}

/** Keeps a filter under a name; one of the same name is replaced. */
export const save = (me: string, s: Saved) => write(me, [...savedOf(me).filter((other) => other.name !== s.name), s].slice(-most))
export const forget = (me: string, name: string) => write(me, savedOf(me).filter((s) => s.name !== name))

export function useSaved(me: string): Saved[] {
  return useSyncExternalStore((tell) => {
    listeners.add(tell)
    return () => void listeners.delete(tell)
  }, () => savedOf(me))
}
