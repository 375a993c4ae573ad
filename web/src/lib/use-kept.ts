import { useState } from 'react'

/** A number that this browser remembers, such as how wide somebody likes a pane. */
export function useKept(name: string, usual: number, least: number, most: number) {
  const key = `botreserva.${name}`
  const [value, setValue] = useState(() => {
    const kept = Number(localStorage.getItem(key) ?? usual)
    return kept >= least && kept <= most ? kept : usual
  })
  const keep = (next: number) => {
    localStorage.setItem(key, String(next))
    setValue(next)
  }
  return [value, keep] as const
}
