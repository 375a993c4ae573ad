import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Plus, X } from 'lucide-react'
import { call } from '@/api/client'
import { tagsQuery } from '@/api/team'
import type { Conversation } from '@/api/types'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { happened } from '@/realtime/cache'
import { Section } from './section'

/** The conversation's tags; each is taken off with a click, others are put on. */
export function TagList({ conversation: c, me }: { conversation: Conversation; me: string }) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const client = useQueryClient()
  const textOf = useErrorText()
  const all = useQuery(tagsQuery).data ?? []
  const on = c.tags ?? []
  const off = all.filter((tag) => !on.some((other) => other.id === tag.id))
  const change = useMutation({
    mutationFn: async ({ tagId, method }: { tagId: string; method: 'POST' | 'DELETE' }) => {
      await call('/api/tags/conversation', { method, body: { conversationId: c.id, tagId } })
      return call<Conversation>(`/api/conversations/${c.id}`)
    },
    onSuccess: (conversation) => happened(client, { name: 'conversation:updated', body: { conversationId: c.id, conversation } }, me),
    onError: (e) => toast(textOf(e), 'failed'),
  })
  return (
    <Section title={t.guest.tags}>
      <ul aria-label={t.guest.tags} className="flex flex-wrap items-center gap-1.5">
        {on.map((tag) => (
          <li key={tag.id} className="flex h-7 items-center gap-1.5 rounded-full bg-ground pl-2.5 text-small font-medium">
            <span aria-hidden="true" className="size-2 rounded-full" style={{ backgroundColor: tag.color }} />{tag.name}
            <button type="button" aria-label={d.guest.removeTag(tag.name)} title={d.guest.removeTag(tag.name)} disabled={change.isPending} onClick={() => change.mutate({ tagId: tag.id, method: 'DELETE' })} className="flex size-7 items-center justify-center rounded-full text-soft hover:bg-hover hover:text-ink"><X className="size-3.5" /></button>
          </li>
        ))}
        {on.length === 0 && <li className="text-soft">{t.guest.noTags}</li>}
        {off.length > 0 && (
          <li>
            <label className="relative flex h-7 items-center gap-1 rounded-full border border-dashed border-line-strong px-2.5 text-small text-soft focus-within:outline-2 focus-within:outline-(--focus) hover:bg-hover">
              <Plus className="size-3.5" /><span aria-hidden="true">{d.guest.addTag}</span>
              <select aria-label={d.guest.addTag} value="" disabled={change.isPending} onChange={(e) => change.mutate({ tagId: e.target.value, method: 'POST' })} className="absolute inset-0 cursor-pointer opacity-0">
                <option value="" disabled>{d.guest.addTag}</option>
                {off.map((tag) => <option key={tag.id} value={tag.id}>{tag.name}</option>)}
              </select>
            </label>
          </li>
        )}
      </ul>
    </Section>
  )
}
