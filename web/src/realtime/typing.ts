// Who of the colleagues is writing in the conversation that is open here, and that this person is.
import { useEffect, useState } from 'react'
import { tell, withSocket } from './socket'

type Typing = { conversationId: string; userId: string; userName: string; isTyping: boolean }
export type Colleague = { id: string; name: string }

/** Somebody who says nothing more is no longer writing, whatever was lost on the way. */
const forgets = 7000

/** Follows a conversation while it is open, and returns who else is writing in it. */
export function useTypingColleagues(conversation: string): Colleague[] {
  const [typing, setTyping] = useState<Colleague[]>([])
  useEffect(() => {
    const timers = new Map<string, ReturnType<typeof setTimeout>>()
    const stops = (id: string) => setTyping((all) => all.filter((one) => one.id !== id))
    const stop = withSocket((socket) => {
      const join = () => void socket.emit('conversation:join', { conversationId: conversation })
      const heard = (t: Typing) => {
        if (t.conversationId !== conversation) return
        clearTimeout(timers.get(t.userId))
        if (!t.isTyping) return stops(t.userId)
        timers.set(t.userId, setTimeout(() => stops(t.userId), forgets))
        setTyping((all) => (all.some((one) => one.id === t.userId) ? all : [...all, { id: t.userId, name: t.userName }]))
      }
      if (socket.connected) join()
      socket.on('connect', join)
      socket.on('conversation:typing', heard)
      return () => {
        socket.off('connect', join)
        socket.off('conversation:typing', heard)
        socket.emit('conversation:leave', { conversationId: conversation })
      }
    })
    return () => {
      stop()
      timers.forEach(clearTimeout)
    }
  }, [conversation])
  return typing
}

const again = 3000
let told: { conversation: string; at: number } | undefined

/** Tells colleagues that this person is writing; call it at every key. */
export function writing(conversation: string) {
  const now = Date.now()
  if (told?.conversation === conversation && now - told.at < again) return
  told = { conversation, at: now }
  tell('conversation:typing', { conversationId: conversation, isTyping: true })
}

export function stoppedWriting(conversation: string) {
  if (told?.conversation !== conversation) return
  told = undefined
  tell('conversation:typing', { conversationId: conversation, isTyping: false })
}
