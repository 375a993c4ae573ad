import { useEffect, useRef } from 'react'
import { isPaletteKey, shortcutOf, type Shortcut } from './keys'

/** Listens for the keys of the desk, and for Ctrl-K wherever somebody is. */
export function useShortcuts(run: (s: Shortcut) => void, openPalette: () => void) {
  const now = useRef({ run, openPalette })
  useEffect(() => {
    now.current = { run, openPalette }
  })
  useEffect(() => {
    const onKey = (e: KeyboardEvent) => {
      if (isPaletteKey(e)) {
        e.preventDefault()
        return now.current.openPalette()
      }
      // a toast is a dialog, too, but of a type, and covers nothing
      const shortcut = shortcutOf(e, document.querySelector('[role=dialog]:not([data-type]), [role=menu]') !== null)
      if (shortcut === undefined) return
      e.preventDefault()
      now.current.run(shortcut)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
