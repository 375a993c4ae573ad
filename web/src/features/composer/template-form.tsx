import { useMutation, useQueryClient } from '@tanstack/react-query'
import { ArrowLeft, ExternalLink } from 'lucide-react'
import { useState } from 'react'
import { call } from '@/api/client'
import type { Conversation, Message, Template, TemplateNeed } from '@/api/types'
import { upload } from '@/api/upload'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { useTexts } from '@/lib/i18n/area'
import { threadTexts } from '@/lib/i18n/thread-texts'
import { happened } from '@/realtime/cache'
import { askedFor, bodyOf, contentOf, isComplete, type Values } from './template-fill'

type Props = { conversation: Conversation; template: Template; onBack: () => void; onSent: () => void }

/** A chosen template: its gaps to fill, and how the guest will read it. The first gap is mostly the name. */
export function TemplateForm({ conversation: c, template, onBack, onSent }: Props) {
  const { t } = useI18n()
  const d = useTexts(threadTexts)
  const textOf = useErrorText()
  const client = useQueryClient()
  const asked = askedFor(template)
  const [values, setValues] = useState<Values>(() => guesses(asked, c))
  const [key] = useState(() => crypto.randomUUID())
  const send = useMutation({
    mutationFn: () => call<Message>(`/api/conversations/${c.id}/messages/content`, { method: 'POST', body: { type: 'template', template: contentOf(template, values), clientId: key } }),
    onSuccess: (message) => {
      happened(client, { name: 'message:new', body: { message } }, '')
      onSent()
    },
  })
  const put = (path: string) => (value: string) => setValues((all) => ({ ...all, [path]: value }))
  return (
    <form onSubmit={(e) => { e.preventDefault(); send.mutate() }}>
      <Button look="quiet" className="-ml-2" onClick={onBack}><ArrowLeft className="size-4" />{d.template.back}</Button>
      <div className="flex flex-col gap-3 py-2">
        {asked.map((p) => (isFile(p) ? <FileGap key={p.path} need={p} onChange={put(p.path)} /> : <TextGap key={p.path} need={p} value={values[p.path] ?? ''} onChange={put(p.path)} />))}
      </div>
      <p className="mt-2 text-tiny font-medium text-soft">{d.template.preview}</p>
      <div className="mt-1 rounded-lg bg-wall p-3">
        <div className="ml-auto w-fit max-w-full rounded-bubble bg-bubble-person px-3 py-2 shadow-low">
          {template.components?.header?.text && <p className="font-semibold break-words">{template.components.header.text}</p>}
          <p className="break-words whitespace-pre-wrap">{bodyOf(template, values)}</p>
          {template.components?.footer && <p className="mt-1 text-small text-soft">{template.components.footer}</p>}
          {template.components?.buttons?.map((b, i) => <p key={i} className="mt-1 flex items-center justify-center gap-1 border-t border-line pt-1 font-medium text-brand-strong">{b.type === 'URL' && <ExternalLink className="size-3.5" />}{b.text}</p>)}
        </div>
      </div>
      {send.isError && <p role="alert" className="mt-3 text-danger">{textOf(send.error)}</p>}
      <div className="mt-4 flex justify-end gap-2">
        <Button onClick={onSent}>{t.cancel}</Button>
        <Button type="submit" look="primary" disabled={!isComplete(template, values)} busy={send.isPending}>{d.template.send}</Button>
      </div>
    </form>
  )
}

const isFile = (p: TemplateNeed): p is TemplateNeed & { kind: 'image' | 'video' | 'document' } => p.kind === 'image' || p.kind === 'video' || p.kind === 'document'

function guesses(asked: TemplateNeed[], c: Conversation): Values {
  const first = asked.find((p) => p.kind === 'text' && /^(1|nome|name|hospede|guest|cliente|nombre)/i.test(p.name ?? ''))
  const name = c.contact.firstName ?? c.contact.name.split(' ')[0] ?? ''
  return first && !/^\d*$/.test(name) ? { [first.path]: name } : {}
}

function TextGap({ need, value, onChange }: { need: TemplateNeed; value: string; onChange: (v: string) => void }) {
  const d = useTexts(threadTexts)
  const name = need.name ?? ''
  const label = need.kind === 'urlSuffix' ? d.template.suffix(name) : need.kind === 'copyCode' ? d.template.code(name) : d.template.gap(`{{${name}}}`)
  return <Field label={label} value={value} placeholder={need.example ? d.template.example(need.example) : undefined} onChange={(e) => onChange(e.target.value)} required={need.required} />
}

function FileGap({ need, onChange }: { need: TemplateNeed & { kind: 'image' | 'video' | 'document' }; onChange: (v: string) => void }) {
  const d = useTexts(threadTexts)
  const textOf = useErrorText()
  const keep = useMutation({
    mutationFn: (file: File) => upload(file, file.name, { signal: new AbortController().signal, onProgress: () => {} }),
    onSuccess: (kept) => onChange(kept.id),
  })
  const accept = { image: 'image/jpeg,image/png', video: 'video/mp4,video/3gpp', document: 'application/pdf' }[need.kind]
  return (
    <Field
      type="file"
      label={d.template.file[need.kind]}
      accept={accept}
      className="pt-2"
      error={keep.isError ? textOf(keep.error) : undefined}
      aria-busy={keep.isPending}
      onChange={(e) => e.target.files?.[0] && keep.mutate(e.target.files[0])}
    />
  )
}
