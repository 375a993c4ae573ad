import { useCallback, useRef, useState } from 'react'
import { toggled, withRange } from './picking'

/** The conversations that were chosen to be changed together; undefined while nobody chooses. */
export function usePicked() {
  const [picked, setPicked] = useState<ReadonlySet<string>>()
  const last = useRef<string>(undefined)
  const pick = useCallback((id: string, ids: string[], isRange: boolean) => {
    const from = last.current
    last.current = id
    setPicked((now = new Set()) => (isRange && from !== undefined ? withRange(now, ids, from, id) : toggled(now, id)))
  }, [])
  return { picked, setPicked, pick }
}
