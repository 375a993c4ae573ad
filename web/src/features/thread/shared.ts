import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { teamQuery } from '@/api/team'
import type { Conversation, Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'
import { reactionsTo } from './reactions'
import type { Who } from './rows'

/** What every row needs, the same object while nothing of it changed: else each event would render the whole thread. */
export type Shared = {
  me: string
  nameOf: (m: Message, who: Who) => string
  personOf: (id: string | null) => string
  reactionsTo: (m: Message) => { emoji: string; isOurs: boolean }[]
  onJump: (message: string) => void
  onShow: (m: Message) => void
}

export function useShared(c: Conversation, me: string, reacted: Map<string, string>, onJump: (id: string) => void, onShow: (m: Message) => void): Shared {
  const { t } = useI18n()
  const team = useQuery(teamQuery)
  const guest = c.contact.name
  return useMemo(() => {
    const names = new Map(team.data?.map((one) => [one.id, one.name]))
    const personOf = (id: string | null) => (id === me ? t.thread.you : names.get(id ?? '') ?? t.thread.team)
    const nameOf = (m: Message, who: Who) => {
      switch (who) {
        case 'guest':
          return guest
        case 'bot':
          return t.thread.bot
        case 'phone':
          return t.thread.phone
        default:
          return personOf(m.sentById)
      }
    }
    return { me, nameOf, personOf, reactionsTo: (m) => reactionsTo(m, reacted), onJump, onShow }
  }, [guest, me, onJump, onShow, reacted, t, team.data])
}
