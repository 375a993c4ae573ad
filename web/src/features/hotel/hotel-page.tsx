import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { hotelQuery } from '@/api/me'
import type { Settings } from '@/api/types'
import { Form, SelectField, TextField } from '@/components/page/form'
import { Card, Page } from '@/components/page/page'
import { Failed } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { Hours } from './hours'
import { Units } from './units'

/** What a hotel says of itself. Each card is saved by itself. */
export function HotelPage() {
  const { hotel: h } = useTexts(settingTexts)
  const hotel = useQuery(hotelQuery)
  return (
    <Page narrow title={h.title} lead={h.lead}>
      {hotel.isPending && <Skeleton className="h-64" />}
      {hotel.isError && <Failed error={hotel.error} onRetry={() => void hotel.refetch()} />}
      {hotel.data && <><About hotel={hotel.data} /><Units key={hotel.data.units.join()} hotel={hotel.data} /><Hours hotel={hotel.data} /><Keeping hotel={hotel.data} /></>}
    </Page>
  )
}

const zones = (now: string) => [...new Set([now, ...Intl.supportedValuesOf('timeZone').filter((z) => z.startsWith('America/') || z.startsWith('Europe/') || z.startsWith('Atlantic/'))])]

function About({ hotel }: { hotel: Settings }) {
  const p = useTexts(pageTexts)
  const { hotel: h } = useTexts(settingTexts)
  const [now, setNow] = useState({ name: hotel.name, email: hotel.email, timeZone: hotel.timeZone })
  const save = useChange(['hotel'], p.saved)
  const wrong = wrongFields(save.error)
  return (
    <Card title={h.about}>
      <Form error={save.error} busy={save.isPending} onSubmit={() => save.mutate({ method: 'PATCH', path: '/api/tenants/current', body: now })}>
        <TextField label={h.name} required minLength={2} maxLength={100} value={now.name} wrong={wrong.has('name')} onChange={(e) => setNow({ ...now, name: e.target.value })} />
        <TextField label={h.email} type="email" required maxLength={254} value={now.email} wrong={wrong.has('email')} onChange={(e) => setNow({ ...now, email: e.target.value })} />
        <SelectField label={h.timeZone} hint={h.timeZoneHint} value={now.timeZone} wrong={wrong.has('timeZone')} onChange={(e) => setNow({ ...now, timeZone: e.target.value })}>
          {zones(hotel.timeZone).map((zone) => <option key={zone} value={zone}>{zone.replaceAll('_', ' ')}</option>)}
        </SelectField>
      </Form>
    </Card>
  )
}

function Keeping({ hotel }: { hotel: Settings }) {
  const p = useTexts(pageTexts)
  const { hotel: h } = useTexts(settingTexts)
  const [now, setNow] = useState({ keepMediaDays: String(hotel.keepMediaDays), keepDeliveriesDays: String(hotel.keepDeliveriesDays), windowReminderMinutes: String(hotel.windowReminderMinutes) })
  const save = useChange(['hotel'], p.saved)
  const submit = () => save.mutate({ method: 'PATCH', path: '/api/tenants/current', body: Object.fromEntries(Object.entries(now).map(([k, v]) => [k, Number(v)])) })
  const field = (name: keyof typeof now, label: string, min: number, max: number, hint?: string) => (
    <TextField label={label} hint={hint} type="number" required min={min} max={max} className="max-w-40" value={now[name]} onChange={(e) => setNow({ ...now, [name]: e.target.value })} />
  )
  return (
    <Card title={h.keeping}>
      <Form error={save.error} busy={save.isPending} onSubmit={submit}>
        {field('keepMediaDays', h.keepMedia, 0, 3650, h.keepMediaHint)}
        {field('keepDeliveriesDays', h.keepDeliveries, 1, 3650)}
        {field('windowReminderMinutes', h.reminder, 0, 1380, h.reminderHint)}
      </Form>
    </Card>
  )
}
