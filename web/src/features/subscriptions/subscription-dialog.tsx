import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { hotelQuery } from '@/api/me'
import type { Webhook } from '@/api/page-types'
import { Form, SwitchField, TextField } from '@/components/page/form'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'

type Props = { subscription: Webhook | undefined; onClose: () => void; onSecret: (secret: string) => void }

export function SubscriptionDialog({ subscription, onClose, onSecret }: Props) {
  const p = useTexts(pageTexts)
  const { subscriptions: s } = useTexts(settingTexts)
  const units = useQuery(hotelQuery).data?.units ?? []
  const [now, setNow] = useState({ url: subscription?.url ?? '', description: subscription?.description ?? '', events: subscription?.events ?? ['message.received'] })
  const [options, setOptions] = useState({ hotelUnits: subscription?.options.hotelUnits ?? [], onlyUnlocked: subscription?.options.onlyUnlocked ?? false, statuses: subscription?.options.statuses ?? [] })
  const save = useChange<Webhook>(['subscriptions'], p.saved, (answer) => { onClose(); if (answer.secret) onSecret(answer.secret) })
  const submit = () => save.mutate({ method: subscription ? 'PATCH' : 'POST', path: subscription ? `/api/webhooks/${subscription.id}` : '/api/webhooks', body: { ...now, url: now.url.trim(), options } })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={subscription ? s.edit : s.add}>
      <Form error={save.error} busy={save.isPending} disabled={now.events.length === 0} onSubmit={submit} onCancel={onClose}>
        <TextField label={s.url} hint={s.urlHint} type="url" required autoFocus maxLength={2048} placeholder="https://" value={now.url} wrong={wrongFields(save.error).has('url')} onChange={(e) => setNow({ ...now, url: e.target.value })} />
        <TextField label={`${s.about} (${p.optional})`} maxLength={200} value={now.description} onChange={(e) => setNow({ ...now, description: e.target.value })} />
        <Checks legend={s.events} all={Object.entries(s.names).filter(([name]) => name !== 'ping')} chosen={now.events} onChange={(events) => setNow({ ...now, events })} />
        {units.length > 1 && <Checks legend={s.units} hint={s.unitsHint} all={units.map((unit) => [unit, unit])} chosen={options.hotelUnits} onChange={(hotelUnits) => setOptions({ ...options, hotelUnits })} />}
        <SwitchField label={s.onlyUnlocked} checked={options.onlyUnlocked} onChange={(onlyUnlocked) => setOptions({ ...options, onlyUnlocked })} />
      </Form>
    </Dialog>
  )
}

function Checks({ legend, hint, all, chosen, onChange }: { legend: string; hint?: string; all: [string, string][]; chosen: string[]; onChange: (chosen: string[]) => void }) {
  return (
    <fieldset>
      <legend className="mb-1 font-medium">{legend}</legend>
      {hint && <p className="mb-1 text-small text-soft">{hint}</p>}
      <div className="grid gap-x-4 gap-y-1 sm:grid-cols-2">
        {all.map(([value, label]) => (
          <label key={value} className="flex items-center gap-2">
            <input type="checkbox" className="size-4 accent-brand" checked={chosen.includes(value)} onChange={(e) => onChange(e.target.checked ? [...chosen, value] : chosen.filter((c) => c !== value))} />{label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}
