import { useQueryClient } from '@tanstack/react-query'
import { useCallback } from 'react'
import { call } from '@/api/client'
import { deskKeys } from '@/api/desk-keys'
import type { Conversation } from '@/api/types'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { happened } from '@/realtime/cache'
import { nameOf } from '../conversation-card'
import { isColumn, movedTo, type Column } from './columns'

/** Moves a card to another column: at once on the screen, then at the server. What the server refuses goes back. */
export function useMove(me: string) {
  const client = useQueryClient()
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const textOf = useErrorText()
  return useCallback((c: Conversation, to: Column) => {
    const show = (conversation: Conversation) => happened(client, { name: 'conversation:updated', body: { conversationId: c.id, conversation } }, me)
    const put = async (from: Conversation, status: string) => {
      if (isColumn(status)) show(movedTo(from, status))
      try {
        const now = await call<Conversation>(`/api/conversations/${c.id}`, { method: 'PATCH', body: { status } })
        show(now)
        await client.invalidateQueries({ queryKey: deskKeys.lists, predicate: (q) => (q.queryKey[2] as { search: string }).search !== '' })
        return now
      } catch (e) {
        show(from)
        toast(textOf(e), 'failed')
        return undefined
      }
    }
    if (c.status === to) return
    void put(c, to).then((now) => {
      if (now) toast(d.board.moved(nameOf(c), t.status[to] ?? ''), 'done', { label: d.undo, run: () => void put(now, c.status) })
    })
  }, [client, me, t, d, textOf])
}
