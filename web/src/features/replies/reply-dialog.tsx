import { useState } from 'react'
import type { QuickReply } from '@/api/page-types'
import { Form, SwitchField, TextArea, TextField } from '@/components/page/form'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'
import { shortcutOf } from './shortcut'

export function ReplyDialog({ reply, onClose }: { reply: QuickReply | undefined; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { replies: t } = useTexts(teamTexts)
  const [now, setNow] = useState({ title: reply?.title ?? '', shortcut: reply?.shortcut ?? '', content: reply?.content ?? '', category: reply?.category ?? '', order: String(reply?.order ?? 0), isActive: reply?.isActive ?? true })
  const [ownShortcut, setOwnShortcut] = useState(reply !== undefined)
  const save = useChange(['replies'], p.saved, onClose)
  const wrong = wrongFields(save.error)
  const submit = () => save.mutate({
    method: reply ? 'PATCH' : 'POST', path: reply ? `/api/quick-replies/${reply.id}` : '/api/quick-replies',
    body: { ...now, title: now.title.trim(), category: now.category.trim() === '' ? null : now.category.trim(), order: Number(now.order) },
  })
  const setTitle = (title: string) => setNow({ ...now, title, ...(!ownShortcut && { shortcut: shortcutOf(title) }) })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={reply ? t.edit : t.add}>
      <Form error={save.error} busy={save.isPending} onSubmit={submit} onCancel={onClose}>
        <TextField label={t.name} required maxLength={100} autoFocus value={now.title} wrong={wrong.has('title')} onChange={(e) => setTitle(e.target.value)} />
        <TextField
          label={t.shortcut} hint={t.shortcutHint} required minLength={2} maxLength={50} pattern="[a-z0-9\-]+" value={now.shortcut} wrong={wrong.has('shortcut')}
          onChange={(e) => { setOwnShortcut(true); setNow({ ...now, shortcut: e.target.value.toLowerCase() }) }}
        />
        <TextArea label={t.text} hint={t.textHint} required rows={6} maxLength={4000} value={now.content} wrong={wrong.has('content')} onChange={(e) => setNow({ ...now, content: e.target.value })} />
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label={`${t.category} (${p.optional})`} maxLength={50} value={now.category} onChange={(e) => setNow({ ...now, category: e.target.value })} />
          <TextField label={t.order} hint={t.orderHint} type="number" min={0} max={1000000} value={now.order} onChange={(e) => setNow({ ...now, order: e.target.value })} />
        </div>
        <SwitchField label={t.active} hint={t.activeHint} checked={now.isActive} onChange={(isActive) => setNow({ ...now, isActive })} />
      </Form>
    </Dialog>
  )
}
