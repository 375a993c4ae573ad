import { useQuery } from '@tanstack/react-query'
import { BedDouble, Pencil } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { hotelQuery } from '@/api/me'
import type { Conversation } from '@/api/types'
import { Badge } from '@/components/ui/badge'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { useI18n } from '@/lib/i18n/i18n'
import { centsOf, typed } from './money'
import { nights, reservationOf, type Outcome, type Reservation } from './reservation-of'
import { input, Row, Section } from './section'
import { useChangeConversation } from './use-change'

const tones = { OPEN: 'warn', WON: 'brand', LOST: 'plain' } as const

/** What the guest wants to book, and whether it was sold. */
export function ReservationRequest({ conversation: c, me }: { conversation: Conversation; me: string }) {
  const d = useTexts(deskTexts)
  const [editing, setEditing] = useState(false)
  const known = reservationOf(c)
  return (
    <Section title={d.reservation.title} open={c.isOpportunity || known !== undefined}>
      {editing
        ? <ReservationForm conversation={c} me={me} before={known} onDone={() => setEditing(false)} />
        : (
            <>
              {known && <Shown reservation={known} />}
              <Button className="mt-3 h-8" onClick={() => setEditing(true)}>{known ? <Pencil className="size-4" /> : <BedDouble className="size-4" />}{known ? d.guest.edit : d.reservation.begin}</Button>
            </>
          )}
    </Section>
  )
}

function Shown({ reservation: r }: { reservation: Reservation }) {
  const { language } = useI18n()
  const d = useTexts(deskTexts)
  const day = (text: string) => new Intl.DateTimeFormat(language, { day: '2-digit', month: 'short', timeZone: 'UTC' }).format(new Date(text))
  const money = new Intl.NumberFormat(language, { style: 'currency', currency: 'BRL' })
  return (
    <div className="flex flex-col gap-1">
      <p className="flex flex-wrap items-center gap-2 font-medium"><span className="tabular">{day(r.checkIn)} – {day(r.checkOut)}</span><Badge tone={tones[r.outcome]}>{d.reservation.outcome[r.outcome]}</Badge></p>
      <p className="text-soft">{d.reservation.nights(nights(r))} · {d.reservation.people(r.adults, r.children)}</p>
      {(r.hotelUnit || r.room) && <p>{[r.hotelUnit, r.room].filter(Boolean).join(' · ')}</p>}
      {r.valueCents > 0 && <p className="tabular font-semibold">{money.format(r.valueCents / 100)}</p>}
      {r.reason && <p className="text-soft break-words">{r.reason}</p>}
    </div>
  )
}

const today = () => new Date().toLocaleDateString('sv') // as 2026-12-24

function ReservationForm({ conversation: c, me, before, onDone }: { conversation: Conversation; me: string; before: Reservation | undefined; onDone: () => void }) {
  const { t } = useI18n()
  const d = useTexts(deskTexts)
  const units = useQuery(hotelQuery).data?.units ?? []
  const change = useChangeConversation(c.id, me)
  const [r, setR] = useState<Reservation>(before ?? { checkIn: '', checkOut: '', adults: 2, children: 0, hotelUnit: c.hotelUnit ?? '', room: '', valueCents: 0, outcome: 'OPEN', reason: '' })
  const [value, setValue] = useState(typed(r.valueCents))
  const cents = centsOf(value)
  const set = (of: Partial<Reservation>) => setR({ ...r, ...of })
  const backwards = r.checkIn !== '' && r.checkOut !== '' && nights(r) < 1
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (cents === undefined || backwards) return
    change.mutate({ path: '/reservation', method: 'PUT', body: { ...r, valueCents: cents } }, { onSuccess: onDone })
  }
  return (
    <form onSubmit={submit} className="grid grid-cols-2 gap-2.5">
      <Row name={d.reservation.checkIn}><input type="date" required min={before ? undefined : today()} value={r.checkIn} onChange={(e) => set({ checkIn: e.target.value })} className={input} /></Row>
      <Row name={d.reservation.checkOut}><input type="date" required min={r.checkIn} value={r.checkOut} aria-invalid={backwards || undefined} onChange={(e) => set({ checkOut: e.target.value })} className={input} /></Row>
      {backwards && <p role="alert" className="col-span-2 text-small text-danger">{d.reservation.backwards}</p>}
      <Row name={d.reservation.adults}><input type="number" required min={1} max={99} value={r.adults} onChange={(e) => set({ adults: e.target.valueAsNumber || 0 })} className={input} /></Row>
      <Row name={d.reservation.children}><input type="number" required min={0} max={99} value={r.children} onChange={(e) => set({ children: e.target.valueAsNumber || 0 })} className={input} /></Row>
      {units.length > 0 && (
        <Row name={t.guest.unit}>
          <select value={r.hotelUnit} onChange={(e) => set({ hotelUnit: e.target.value })} className={input}>
            <option value="">{t.guest.noUnit}</option>
            {units.map((unit) => <option key={unit} value={unit}>{unit}</option>)}
          </select>
        </Row>
      )}
      <Row name={d.reservation.room}><input value={r.room} maxLength={100} onChange={(e) => set({ room: e.target.value })} className={input} /></Row>
      <Row name={d.reservation.value}><input inputMode="decimal" value={value} placeholder="0,00" aria-invalid={cents === undefined || undefined} onChange={(e) => setValue(e.target.value)} className={input} /></Row>
      <Row name={d.reservation.result}>
        <select value={r.outcome} onChange={(e) => set({ outcome: e.target.value as Outcome })} className={input}>
          {(['OPEN', 'WON', 'LOST'] as const).map((one) => <option key={one} value={one}>{d.reservation.outcome[one]}</option>)}
        </select>
      </Row>
      {r.outcome !== 'OPEN' && <div className="col-span-2"><Row name={r.outcome === 'LOST' ? d.reservation.whyLost : d.reservation.why}><input value={r.reason} required={r.outcome === 'LOST'} maxLength={500} onChange={(e) => set({ reason: e.target.value })} className={input} /></Row></div>}
      {cents === undefined && <p role="alert" className="col-span-2 text-small text-danger">{d.reservation.noSum}</p>}
      <div className="col-span-2 flex justify-end gap-2">
        <Button className="h-8" onClick={onDone}>{t.cancel}</Button>
        <Button type="submit" look="primary" className="h-8" busy={change.isPending}>{d.guest.save}</Button>
      </div>
    </form>
  )
}
