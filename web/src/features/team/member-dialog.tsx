import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { hotelQuery } from '@/api/me'
import type { Member } from '@/api/page-types'
import { Form, SelectField, TextField } from '@/components/page/form'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { madeUpPassword } from './password'

const roles = ['TENANT_ADMIN', 'HEAD', 'ATTENDANT', 'SALES']

export function MemberDialog({ member, isMe, onClose }: { member: Member | undefined; isMe: boolean; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { users: u } = useTexts(teamTexts)
  const { t } = useI18n()
  const units = useQuery(hotelQuery).data?.units ?? []
  const [now, setNow] = useState({ name: member?.name ?? '', email: member?.email ?? '', role: member?.role ?? 'ATTENDANT', unit: member?.hotelUnit ?? '', password: '' })
  const save = useChange(['team'], p.saved, onClose)
  const wrong = wrongFields(save.error)
  const submit = () => save.mutate({
    method: member ? 'PATCH' : 'POST', path: member ? `/api/users/${member.id}` : '/api/users',
    body: { name: now.name.trim(), email: now.email.trim(), role: now.role, hotelUnit: now.unit === '' ? null : now.unit, ...(now.password !== '' && { password: now.password }) },
  })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={member ? u.edit : u.add}>
      <Form error={save.error} busy={save.isPending} onSubmit={submit} onCancel={onClose}>
        <TextField label={u.name} required maxLength={100} autoFocus value={now.name} wrong={wrong.has('name')} onChange={(e) => setNow({ ...now, name: e.target.value })} />
        <TextField label={u.email} type="email" required maxLength={254} value={now.email} wrong={wrong.has('email')} onChange={(e) => setNow({ ...now, email: e.target.value })} />
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField label={u.role} hint={u.roleHints[now.role]} value={now.role} disabled={isMe} onChange={(e) => setNow({ ...now, role: e.target.value })}>
            {roles.map((role) => <option key={role} value={role}>{t.roles[role]}</option>)}
          </SelectField>
          <SelectField label={u.unit} value={now.unit} required={now.role === 'ATTENDANT' && units.length > 0} wrong={wrong.has('hotelUnit')} onChange={(e) => setNow({ ...now, unit: e.target.value })}>
            <option value="">{now.role === 'ATTENDANT' ? '' : u.everyUnit}</option>
            {units.map((unit) => <option key={unit}>{unit}</option>)}
          </SelectField>
        </div>
        {!isMe && (
          <TextField
            label={member ? u.newPassword : u.password} hint={member ? u.passwordKeep : u.passwordHint} required={!member} minLength={8} maxLength={72} autoComplete="off" className="tabular"
            value={now.password} wrong={wrong.has('password')} onChange={(e) => setNow({ ...now, password: e.target.value })}
            after={<Button onClick={() => setNow({ ...now, password: madeUpPassword() })}>{u.makeUp}</Button>}
          />
        )}
      </Form>
    </Dialog>
  )
}
