import { Pencil } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import type { Contact } from '@/api/types'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { input, Row, Section } from './section'
import { useChangeGuest } from './use-change'

const keys = ['name', 'firstName', 'lastName', 'email', 'companyName', 'designation'] as const
type Key = (typeof keys)[number]

/** What the server lets everybody change, and what only managers. */
const forAll: Key[] = ['name', 'firstName', 'lastName', 'email']

/** Who the guest is: read, and changed in place. */
export function Profile({ guest, me, isManager }: { guest: Contact; me: string; isManager: boolean }) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const [edited, setEdited] = useState<Record<Key, string>>()
  const change = useChangeGuest(guest.id, me)
  const names: Record<Key, string> = { name: d.guest.name, firstName: d.guest.firstName, lastName: d.guest.lastName, email: t.guest.email, companyName: t.guest.company, designation: d.guest.designation }
  const begin = () => setEdited(Object.fromEntries(keys.map((key) => [key, guest[key] ?? ''])) as Record<Key, string>)
  const submit = (e: FormEvent) => {
    e.preventDefault()
    const changed = keys.filter((key) => edited?.[key].trim() !== (guest[key] ?? ''))
    if (changed.length === 0) return setEdited(undefined)
    change.mutate(Object.fromEntries(changed.map((key) => [key, edited?.[key].trim()])), { onSuccess: () => setEdited(undefined) })
  }
  if (!edited) {
    const said = keys.filter((key) => guest[key] !== null && guest[key] !== '' && key !== 'name')
    return (
      <Section title={d.guest.profile}>
        <dl className="flex flex-col gap-2.5">
          {said.map((key) => <div key={key}><dt className="text-small text-soft">{names[key]}</dt><dd className="break-words">{guest[key]}</dd></div>)}
          {said.length === 0 && <p className="text-soft">{d.guest.noProfile}</p>}
        </dl>
        <Button className="mt-3 h-8" onClick={begin}><Pencil className="size-4" />{d.guest.edit}</Button>
      </Section>
    )
  }
  return (
    <Section title={d.guest.profile}>
      <form onSubmit={submit} className="flex flex-col gap-2.5">
        {(isManager ? keys : forAll).map((key) => (
          <Row key={key} name={names[key]}>
            <input className={input} value={edited[key]} required={key === 'name'} type={key === 'email' ? 'email' : 'text'} maxLength={key === 'email' ? 254 : key === 'companyName' ? 200 : 100} onChange={(e) => setEdited({ ...edited, [key]: e.target.value })} />
          </Row>
        ))}
        <div className="flex justify-end gap-2">
          <Button className="h-8" onClick={() => setEdited(undefined)}>{t.cancel}</Button>
          <Button type="submit" look="primary" className="h-8" busy={change.isPending}>{d.guest.save}</Button>
        </div>
      </form>
    </Section>
  )
}
