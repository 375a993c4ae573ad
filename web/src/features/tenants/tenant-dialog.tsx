import { useState } from 'react'
import type { NewTenant, TenantItem } from '@/api/page-types'
import { Form, SelectField, TextField } from '@/components/page/form'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, platformTexts } from '@/lib/i18n/areas'

/** A hotel of the platform: what it bought, and whether it may work. */
export function TenantDialog({ tenant, onClose }: { tenant: TenantItem | undefined; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { tenants: h } = useTexts(platformTexts)
  const [now, setNow] = useState({
    name: tenant?.name ?? '', slug: tenant?.slug ?? '', email: tenant?.email ?? '', plan: tenant?.plan ?? 'BASIC', status: tenant?.status ?? 'TRIAL',
    maxUsers: String(tenant?.maxUsers ?? 0), maxMessages: String(tenant?.maxMessages ?? 0),
  })
  const [made, setMade] = useState<NewTenant>()
  const save = useChange<NewTenant>(['tenants'], tenant && p.saved, tenant ? onClose : setMade)
  const wrong = wrongFields(save.error)
  const { slug, status, ...rest } = { ...now, name: now.name.trim(), email: now.email.trim(), maxUsers: Number(now.maxUsers), maxMessages: Number(now.maxMessages) }
  const submit = () => save.mutate({ method: tenant ? 'PATCH' : 'POST', path: tenant ? `/api/tenants/${tenant.id}` : '/api/tenants', body: tenant ? { ...rest, status } : { ...rest, slug } })
  if (made) return <Made made={made} onClose={onClose} />
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={tenant ? h.edit : h.add}>
      <Form error={save.error} busy={save.isPending} onSubmit={submit} onCancel={onClose}>
        <TextField label={h.name} required minLength={2} maxLength={100} autoFocus value={now.name} wrong={wrong.has('name')} onChange={(e) => setNow({ ...now, name: e.target.value })} />
        <TextField label={h.slug} hint={h.slugHint} required disabled={tenant !== undefined} minLength={3} maxLength={60} pattern="[a-z0-9\-]+" value={now.slug} wrong={wrong.has('slug')} onChange={(e) => setNow({ ...now, slug: e.target.value })} />
        <TextField label={h.email} type="email" required maxLength={254} value={now.email} wrong={wrong.has('email')} onChange={(e) => setNow({ ...now, email: e.target.value })} />
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField label={h.plan} value={now.plan} onChange={(e) => setNow({ ...now, plan: e.target.value })}>{Object.entries(h.plans).map(([value, label]) => <option key={value} value={value}>{label}</option>)}</SelectField>
          {tenant && <SelectField label={h.status} value={now.status} onChange={(e) => setNow({ ...now, status: e.target.value })}>{Object.entries(h.states).map(([value, label]) => <option key={value} value={value}>{label}</option>)}</SelectField>}
          <TextField label={h.maxUsers} hint={h.noLimit} type="number" min={0} value={now.maxUsers} onChange={(e) => setNow({ ...now, maxUsers: e.target.value })} />
          <TextField label={h.maxMessages} hint={h.noLimit} type="number" min={0} value={now.maxMessages} onChange={(e) => setNow({ ...now, maxMessages: e.target.value })} />
        </div>
      </Form>
    </Dialog>
  )
}

/** What the manager of a new hotel needs. Only the button closes it. */
function Made({ made, onClose }: { made: NewTenant; onClose: () => void }) {
  const { tenants: h } = useTexts(platformTexts)
  const facts = [[h.email, made.adminUser.email], [h.password, made.adminUser.temporaryPassword], [h.apiKey, made.apiKey]] as const
  return (
    <Dialog open onOpenChange={() => undefined} title={h.made} lead={h.madeLead}>
      <dl className="flex flex-col gap-3 rounded-control bg-ground px-4 py-3">{facts.map(([name, value]) => <div key={name}><dt className="text-small text-soft">{name}</dt><dd className="font-medium break-all select-all">{value}</dd></div>)}</dl>
      <div className="mt-4 flex justify-end"><Button look="primary" onClick={onClose}>{h.kept}</Button></div>
    </Dialog>
  )
}
