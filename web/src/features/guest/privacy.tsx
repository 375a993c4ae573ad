import { useMutation } from '@tanstack/react-query'
import { Download, Eraser } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { ApiError, apiOrigin, call, identity } from '@/api/client'
import type { Contact } from '@/api/types'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { Field } from '@/components/ui/field'
import { toast } from '@/components/ui/toast'
import { useErrorText } from '@/components/use-error-text'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { Section } from './section'

/** What the law on personal data gives guests: a copy of everything, and that it is erased. For managers. */
export function Privacy({ guest, onErased }: { guest: Contact; onErased: () => void }) {
  const d = useTexts(deskTexts)
  const { format } = useI18n()
  const textOf = useErrorText()
  const [got, setGot] = useState(0)
  const [erasing, setErasing] = useState(false)
  const fetched = useMutation({ mutationFn: () => download(guest.id, setGot), onError: (e) => toast(textOf(e), 'failed'), onSettled: () => setGot(0) })
  return (
    <Section title={d.privacy.title} open={false}>
      <p className="mb-3 text-small text-soft">{d.privacy.lead}</p>
      <div className="flex flex-col gap-2">
        <Button busy={fetched.isPending} onClick={() => fetched.mutate()}><Download className="size-4" />{fetched.isPending ? d.privacy.fetching(format.size(got)) : d.privacy.export}</Button>
        <Button className="text-danger" onClick={() => setErasing(true)}><Eraser className="size-4" />{d.privacy.erase}</Button>
      </div>
      {erasing && <EraseDialog guest={guest} onClose={() => setErasing(false)} onErased={onErased} />}
    </Section>
  )
}

function EraseDialog({ guest, onClose, onErased }: { guest: Contact; onClose: () => void; onErased: () => void }) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const textOf = useErrorText()
  const [confirm, setConfirm] = useState('')
  const [reason, setReason] = useState('')
  const erase = useMutation({
    mutationFn: () => call(`/api/contacts/${guest.id}/erase`, { method: 'POST', body: { confirm, reason } }),
    onSuccess: () => { toast(d.privacy.erased); onErased() },
  })
  const submit = (e: FormEvent) => {
    e.preventDefault()
    erase.mutate()
  }
  return (
    <Dialog open onOpenChange={(open) => !open && !erase.isPending && onClose()} title={d.privacy.eraseTitle} lead={d.privacy.eraseLead}>
      <form onSubmit={submit} className="flex flex-col gap-4">
        <Field label={d.privacy.confirm(guest.name)} value={confirm} required maxLength={200} autoComplete="off" onChange={(e) => setConfirm(e.target.value)} />
        <Field label={d.privacy.reason} value={reason} required minLength={3} maxLength={500} onChange={(e) => setReason(e.target.value)} />
        {erase.isError && <p role="alert" className="text-danger">{textOf(erase.error)}</p>}
        {erase.isPending && <p role="status" className="text-soft">{d.privacy.erasing}</p>}
        <div className="flex justify-end gap-2">
          <Button disabled={erase.isPending} onClick={onClose}>{t.cancel}</Button>
          <Button type="submit" look="danger" busy={erase.isPending}>{d.privacy.eraseNow}</Button>
        </div>
      </form>
    </Dialog>
  )
}

/** Fetches the archive in parts, so that it can be told how much has come, and hands it to the browser. */
async function download(guest: string, tell: (bytes: number) => void) {
  const answer = await fetch(`${apiOrigin}/api/contacts/${guest}/export`, { headers: identity() })
  if (!answer.ok || !answer.body) throw new ApiError((await answer.json().catch(() => undefined) as { code?: string } | undefined)?.code ?? 'internal', answer.status)
  const parts: Uint8Array<ArrayBuffer>[] = []
  let size = 0
  for (const reader = answer.body.getReader(); ;) {
    const { done, value } = await reader.read()
    if (done) break
    parts.push(value)
    tell(size += value.length)
  }
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob(parts, { type: 'application/zip' }))
  link.download = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? 'contato.zip'
  link.click()
  URL.revokeObjectURL(link.href)
}
