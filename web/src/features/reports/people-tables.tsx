import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { pageQuery } from '@/api/page'
import type { AttendantsReport, Share, Spread, UnitsReport } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Table, type Column } from '@/components/page/table'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { addressOf, type Asked } from './asked'
import { CsvButton } from './csv-button'

type Attendant = AttendantsReport['attendants'][number]
type Unit = UnitsReport['units'][number]

export function Titled({ title, action, children }: { title: string; action: ReactNode; children: ReactNode }) {
  return <section className="flex flex-col gap-2"><header className="flex items-center gap-3"><h2 className="flex-1 text-title font-semibold">{title}</h2>{action}</header>{children}</section>
}

export function AttendantTable({ asked }: { asked: Asked }) {
  const { reports: r } = useTexts(reportTexts)
  const { format } = useI18n()
  const report = useQuery({ ...pageQuery<AttendantsReport>(['reports', 'attendants', asked], addressOf('attendants', asked)), select: (a) => a.attendants })
  const median = (s: Spread) => (s.median === null ? '–' : format.lasting(s.median))
  const columns: Column<Attendant>[] = [
    { key: 'name', head: r.attendant, narrow: 'title', cell: (a) => <span className="font-medium">{a.name}</span> },
    { key: 'count', head: r.total, end: true, cell: (a) => format.number(a.conversationsCount) },
    { key: 'resolved', head: r.resolved, end: true, cell: (a) => `${format.number(a.resolutionRate)} %` },
    { key: 'answer', head: `${r.humanAnswer} (${r.median})`, end: true, cell: (a) => median(a.timeToFirstHumanAnswer) },
    { key: 'close', head: `${r.toClose} (${r.median})`, end: true, cell: (a) => median(a.timeToClose) },
  ]
  return <Titled title={r.attendants} action={<CsvButton report="attendants" name={r.attendants} asked={asked} />}><Table label={r.attendants} columns={columns} rows={report} keyOf={(a) => a.id} empty={<Notice title={r.empty} />} /></Titled>
}

export function UnitTable({ asked }: { asked: Asked }) {
  const { reports: r, noUnit, unit } = useTexts(reportTexts)
  const { format } = useI18n()
  const report = useQuery({ ...pageQuery<UnitsReport>(['reports', 'units', asked], addressOf('units', asked)), select: (u) => u.units })
  const median = (s: Spread) => (s.median === null ? '–' : format.lasting(s.median))
  const share = (s: Share) => (s.of === 0 ? '–' : `${format.number(s.percentage)} %`)
  const columns: Column<Unit>[] = [
    { key: 'unit', head: unit, narrow: 'title', cell: (u) => <span className="font-medium">{u.hotelUnit ?? noUnit}</span> },
    { key: 'count', head: r.total, end: true, cell: (u) => format.number(u.totalConversations) },
    { key: 'bot', head: r.botResolved, end: true, cell: (u) => share(u.botResolvedShare) },
    { key: 'escalated', head: r.escalated, end: true, cell: (u) => share(u.escalationRate) },
    { key: 'first', head: `${r.firstReply} (${r.median})`, end: true, cell: (u) => median(u.timeToFirstReply) },
    { key: 'answer', head: `${r.humanAnswer} (${r.median})`, end: true, cell: (u) => median(u.timeToFirstHumanAnswer) },
  ]
  return <Titled title={r.units} action={<CsvButton report="units" name={r.units} asked={asked} />}><Table label={r.units} columns={columns} rows={report} keyOf={(u) => u.hotelUnit ?? ''} empty={<Notice title={r.empty} />} /></Titled>
}
