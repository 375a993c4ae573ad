import { Plus, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Contact } from '@/api/types'
import { Button, IconButton } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { fieldsIn, notesIn, withField, withNotes, withoutField, type Field } from './metadata'
import { input, Section } from './section'
import { useChangeGuest } from './use-change'

/** What the hotel remembers of the guest from stay to stay. */
export function Notes({ guest, me }: { guest: Contact; me: string }) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const kept = notesIn(guest.metadata)
  const [text, setText] = useState<string>()
  const change = useChangeGuest(guest.id, me)
  const isChanged = text !== undefined && text.trim() !== kept.trim()
  return (
    <Section title={d.guest.notes}>
      <textarea aria-label={d.guest.notes} placeholder={d.guest.notesHint} rows={3} maxLength={5000} value={text ?? kept} onChange={(e) => setText(e.target.value)} className="w-full resize-y rounded-control border border-line-strong bg-paper px-2 py-1.5" />
      {isChanged && (
        <div className="mt-2 flex justify-end gap-2">
          <Button className="h-8" onClick={() => setText(undefined)}>{t.cancel}</Button>
          <Button look="primary" className="h-8" busy={change.isPending} onClick={() => change.mutate({ metadata: withNotes(guest.metadata, text.trim()) }, { onSuccess: () => setText(undefined) })}>{d.guest.save}</Button>
        </div>
      )}
    </Section>
  )
}

/** Fields of the hotel's own, such as a number plate. */
export function Fields({ guest, me }: { guest: Contact; me: string }) {
  const d = useTexts(deskTexts)
  const [added, setAdded] = useState<Field>()
  const change = useChangeGuest(guest.id, me)
  const fields = fieldsIn(guest.metadata)
  const add = () => {
    if (!added?.name.trim() || added.name.trim() === 'notes') return
    change.mutate({ metadata: withField(guest.metadata, { name: added.name.trim(), value: added.value.trim() }) }, { onSuccess: () => setAdded(undefined) })
  }
  return (
    <Section title={d.guest.fields} open={fields.length > 0}>
      <dl className="flex flex-col gap-2">
        {fields.map((field) => (
          <div key={field.name} className="flex items-center gap-2">
            <div className="min-w-0 flex-1"><dt className="truncate text-small text-soft">{field.name}</dt><dd className="break-words">{field.value}</dd></div>
            <IconButton label={d.guest.removeField(field.name)} disabled={change.isPending} onClick={() => change.mutate({ metadata: withoutField(guest.metadata, field.name) })} className="size-8"><Trash2 className="size-4" /></IconButton>
          </div>
        ))}
      </dl>
      {added
        ? (
            <form className="mt-2 flex flex-col gap-2" onSubmit={(e) => { e.preventDefault(); add() }}>
              <input autoFocus aria-label={d.guest.fieldName} placeholder={d.guest.fieldName} maxLength={60} value={added.name} onChange={(e) => setAdded({ ...added, name: e.target.value })} className={input} />
              <input aria-label={d.guest.fieldValue} placeholder={d.guest.fieldValue} maxLength={500} value={added.value} onChange={(e) => setAdded({ ...added, value: e.target.value })} className={input} />
              <Button type="submit" look="primary" className="h-8 self-end" busy={change.isPending} disabled={added.name.trim() === ''}>{d.guest.save}</Button>
            </form>
          )
        : <Button look="quiet" className="mt-1 h-8 px-2" onClick={() => setAdded({ name: '', value: '' })}><Plus className="size-4" />{d.guest.addField}</Button>}
    </Section>
  )
}
