import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { pageQuery } from '@/api/page'
import type { ContactRow, ContactTalk } from '@/api/page-types'
import { Form, TextField } from '@/components/page/form'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { isManager, usePerson } from '@/components/person'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { contactTexts, pageTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { phoneText } from '@/lib/phone'
import { bodyOf } from './contact-body'
import { RemoveContact } from './remove-contact'

/** Who a guest is, and when they wrote. */
export function ContactDialog({ row, onClose }: { row: ContactRow | undefined; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const c = useTexts(contactTexts)
  const mayRemove = isManager(usePerson()) && row?.conversationsCount === 0
  const [removes, setRemoves] = useState(false)
  const [now, setNow] = useState({
    name: row?.name ?? '', phoneNumber: row ? phoneText(row.phoneNumber) : '', email: row?.email ?? '', firstName: row?.firstName ?? '', lastName: row?.lastName ?? '', companyName: row?.companyName ?? '', designation: row?.designation ?? '',
  })
  const save = useChange(['contacts'], p.saved, onClose)
  const wrong = wrongFields(save.error)
  const submit = () => save.mutate({ method: row ? 'PATCH' : 'POST', path: row ? `/api/contacts/${row.id}` : '/api/contacts', body: bodyOf(now, row) })
  const field = (name: keyof typeof now, label: string, most: number) => <TextField label={label} maxLength={most} value={now[name]} wrong={wrong.has(name)} onChange={(e) => setNow({ ...now, [name]: e.target.value })} />
  if (removes && row) return <RemoveContact contact={row} onClose={onClose} />
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={row ? c.edit : c.add}>
      <Form error={save.error} busy={save.isPending} onSubmit={submit} onCancel={onClose}>
        <TextField label={c.name} required={row !== undefined} maxLength={100} autoFocus value={now.name} wrong={wrong.has('name')} onChange={(e) => setNow({ ...now, name: e.target.value })} />
        <TextField
          label={c.phone} hint={row ? c.phoneFixed : c.phoneHint} required={!row} disabled={row !== undefined} maxLength={40} inputMode="tel" className="tabular" value={now.phoneNumber} wrong={wrong.has('phoneNumber')}
          onChange={(e) => setNow({ ...now, phoneNumber: e.target.value })}
        />
        <TextField label={c.email} type="email" maxLength={254} value={now.email} wrong={wrong.has('email')} onChange={(e) => setNow({ ...now, email: e.target.value })} />
        <div className="grid gap-4 sm:grid-cols-2">{field('firstName', c.firstName, 100)}{field('lastName', c.lastName, 100)}{field('companyName', c.company, 200)}{field('designation', c.job, 100)}</div>
        {mayRemove && <Button look="quiet" className="self-start text-danger" onClick={() => setRemoves(true)}>{p.remove}</Button>}
      </Form>
      {row && row.conversationsCount > 0 && <Talks id={row.id} />}
    </Dialog>
  )
}

function Talks({ id }: { id: string }) {
  const c = useTexts(contactTexts)
  const { t, format } = useI18n()
  const list = useQuery(pageQuery<{ data: ContactTalk[] }>(['contacts', id, 'talks'], `/api/contacts/${id}/conversations?limit=10`))
  return (
    <section className="mt-5 border-t border-line pt-4">
      <h3 className="mb-2 font-semibold">{c.conversations}</h3>
      {list.data?.data.length === 0 && <p className="text-soft">{c.noTalks}</p>}
      <ul className="flex flex-col">
        {list.data?.data.map((talk) => (
          <li key={talk.id}>
            <Link to="/conversas/$conversation" params={{ conversation: talk.id }} className="flex gap-3 rounded-control px-2 py-1.5 hover:bg-hover">
              <span className="tabular">{format.full(talk.lastMessageAt)}</span><span className="flex-1 text-soft">{t.status[talk.status]}</span><span className="tabular text-soft">{c.messages(talk._count.messages)}</span>
            </Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
