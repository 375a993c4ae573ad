import { useQuery, useQueryClient } from '@tanstack/react-query'
import { CircleX, Tag, UserRound, X } from 'lucide-react'
import { useState, type ReactNode } from 'react'
import { call } from '@/api/client'
import { tagsQuery, teamQuery } from '@/api/team'
import type { Conversation } from '@/api/types'
import { Button, IconButton } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { happened } from '@/realtime/cache'
import { forEach } from './picking'

type Props = { picked: ReadonlySet<string>; me: string; onDone: (left: ReadonlySet<string> | undefined) => void }
type Work = (id: string) => Promise<unknown>

/** What is done to all conversations that were chosen. Those for which it failed stay chosen. */
export function BulkBar({ picked, me, onDone }: Props) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const client = useQueryClient()
  const team = useQuery(teamQuery)
  const tags = useQuery(tagsQuery)
  const [done, setDone] = useState<number>()
  const [closing, setClosing] = useState(false)
  const post = async (id: string, what: string, body?: object) => {
    const conversation = await call<Conversation>(`/api/conversations/${id}/${what}`, { method: 'POST', ...(body && { body }) })
    happened(client, { name: 'conversation:updated', body: { conversationId: id, conversation } }, me)
  }
  const run = async (work: Work) => {
    setDone(0)
    setClosing(false)
    const failed = await forEach([...picked], work, setDone)
    setDone(undefined)
    toast(failed.length === 0 ? d.bulk.done(picked.size) : d.bulk.failed(failed.length), failed.length === 0 ? 'done' : 'failed')
    onDone(failed.length === 0 ? undefined : new Set(failed))
  }
  const assign = (to: string) => void run((id) => (to === 'none' ? post(id, 'unassign') : post(id, 'assign', { userId: to })))
  const tag = (tagId: string) => void run((id) => call('/api/tags/conversation', { method: 'POST', body: { conversationId: id, tagId } }))
  const isIdle = picked.size > 0 && done === undefined
  return (
    <div role="toolbar" aria-label={d.bulk.title} className="flex flex-col gap-2 border-t border-line bg-paper p-3 shadow-lifted">
      <div className="flex items-center gap-2">
        <p role="status" className="min-w-0 flex-1 font-medium">{done === undefined ? d.bulk.chosen(picked.size) : d.bulk.progress(done, picked.size)}</p>
        <IconButton label={d.bulk.stop} onClick={() => onDone(undefined)}><X className="size-5" /></IconButton>
      </div>
      {done !== undefined && <progress value={done} max={picked.size} aria-label={d.bulk.title} className="h-1.5 w-full accent-(--brand)" />}
      <div className="grid grid-cols-3 gap-2">
        <Pick icon={<UserRound className="size-4" />} label={d.bulk.assign} disabled={!isIdle} onPick={assign}>
          <option value={me}>{d.filter.me}</option>
          {team.data?.filter((one) => one.isActive && one.id !== me).map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
          <option value="none">{d.filter.nobody}</option>
        </Pick>
        <Pick icon={<Tag className="size-4" />} label={t.filter.tag} disabled={!isIdle} onPick={tag}>
          {tags.data?.map((one) => <option key={one.id} value={one.id}>{one.name}</option>)}
        </Pick>
        <Button disabled={!isIdle} onClick={() => setClosing(true)}><CircleX className="size-4" />{t.thread.closeConversation}</Button>
      </div>
      <Dialog open={closing} onOpenChange={setClosing} title={d.bulk.closeTitle(picked.size)} lead={t.thread.closeLead}>
        <div className="flex justify-end gap-2">
          <Button onClick={() => setClosing(false)}>{t.cancel}</Button>
          <Button look="primary" onClick={() => void run((id) => post(id, 'close'))}>{t.thread.closeConversation}</Button>
        </div>
      </Dialog>
    </div>
  )
}

/** A button that opens the system's list: usable by finger, by keyboard and read aloud as it is. */
function Pick({ icon, label, disabled, onPick, children }: { icon: ReactNode; label: string; disabled: boolean; onPick: (v: string) => void; children: ReactNode }) {
  return (
    <label className="relative flex h-9 min-w-0 items-center justify-center gap-1.5 rounded-control border border-line bg-paper px-2 font-medium focus-within:outline-2 focus-within:outline-offset-2 focus-within:outline-(--focus) hover:bg-hover has-[select:disabled]:opacity-60">
      {icon}<span aria-hidden="true" className="truncate">{label}</span>
      <select aria-label={label} disabled={disabled} value="" onChange={(e) => onPick(e.target.value)} className="absolute inset-0 cursor-pointer opacity-0 disabled:cursor-not-allowed">
        <option value="" disabled>{label}</option>
        {children}
      </select>
    </label>
  )
}
