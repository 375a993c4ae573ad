import { useQuery } from '@tanstack/react-query'
import { Upload } from 'lucide-react'
import { useRef } from 'react'
import { pageQuery } from '@/api/page'
import type { Tariff } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Refusal } from '@/components/page/form'
import { Table, type Column } from '@/components/page/table'
import { useChange } from '@/components/page/use-change'
import { Button } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { settingTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

/** The hotel's own table of rooms and prices. */
export function Tariffs() {
  const { availability: a } = useTexts(settingTexts)
  const { format } = useI18n()
  const file = useRef<HTMLInputElement>(null)
  const list = useQuery({ ...pageQuery<{ tariffs: Tariff[] }>(['availability', 'tariffs'], '/api/tenants/availability/tariffs'), select: (l) => l.tariffs })
  const replace = useChange(['availability'], a.replaced)
  const send = async (chosen: File | undefined) => chosen && replace.mutate({ method: 'PUT', path: '/api/tenants/availability/tariffs', body: { csv: await chosen.text() } })
  const day = (text: string) => <span className="tabular whitespace-nowrap">{format.date(`${text.slice(0, 10)}T12:00:00`)}</span>
  const columns: Column<Tariff>[] = [
    { key: 'room', head: a.room, narrow: 'title', cell: (t) => <span className="font-medium">{t.room}</span> },
    { key: 'unit', head: a.unit, cell: (t) => t.unit },
    { key: 'from', head: a.from, cell: (t) => day(t.from) },
    { key: 'until', head: a.until, cell: (t) => day(t.until) },
    { key: 'price', head: a.price, end: true, cell: (t) => format.money(t.price) },
    { key: 'vacancies', head: a.vacancies, end: true, cell: (t) => (t.vacancies === undefined ? '–' : format.number(t.vacancies)) },
    { key: 'guests', head: a.guests, end: true, cell: (t) => [t.maxAdults, t.maxChildren].filter((x) => x !== undefined).join(' + ') || '–' },
  ]
  return (
    <section className="flex flex-col gap-3">
      <header className="flex flex-wrap items-start gap-3">
        <div className="min-w-0 flex-1 basis-64"><h2 className="text-title font-semibold">{a.table}</h2><p className="text-soft">{a.tableLead}</p></div>
        <input ref={file} type="file" accept=".csv,text/csv" aria-label={a.upload} className="hidden" onChange={(e) => { void send(e.target.files?.[0]); e.target.value = '' }} />
        <Button busy={replace.isPending} onClick={() => file.current?.click()}><Upload className="size-4" />{a.upload}</Button>
      </header>
      <Refusal error={replace.error} />
      <Table label={a.table} columns={columns} rows={list} keyOf={(t) => `${t.unit}|${t.room}|${t.from}`} empty={<Notice title={a.empty} hint={a.emptyHint} />} />
    </section>
  )
}
