import { useEffect, useRef } from 'react'
import { call } from '@/api/client'
import { stoppedWriting, writing } from '@/realtime/typing'
import type { Mode } from './writer'

const guestSees = 20_000 // WhatsApp shows it for 25 s

/** Shows colleagues, and the guest, that somebody is writing an answer. */
export function useTypingShown(conversation: string, mode: Mode) {
  const shown = useRef(0)
  const pause = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => {
    clearTimeout(pause.current)
    stoppedWriting(conversation)
  }, [conversation])
  return (isWriting: boolean) => {
    clearTimeout(pause.current)
    if (mode === 'note' || !isWriting) return stoppedWriting(conversation)
    pause.current = setTimeout(() => stoppedWriting(conversation), 5000)
    writing(conversation)
    if (Date.now() - shown.current < guestSees) return
    shown.current = Date.now()
    void call(`/api/conversations/${conversation}/typing`, { method: 'POST' }).catch(() => undefined) // only a courtesy
  }
}
