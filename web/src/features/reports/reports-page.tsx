import { useQuery } from '@tanstack/react-query'
import { ChartColumn } from 'lucide-react'
import { hotelQuery } from '@/api/me'
import { pageQuery } from '@/api/page'
import type { OverviewReport } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { Choice } from '@/components/page/choice'
import { Card, Page, Toolbar } from '@/components/page/page'
import { PeriodChoice } from '@/components/page/period'
import { Failed } from '@/components/page/table'
import { useFilters } from '@/components/page/use-filters'
import { Skeleton } from '@/components/ui/skeleton'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { addressOf, askedOf } from './asked'
import { BotCard } from './bot-card'
import { HourCards } from './hour-cards'
import { KeyFigures } from './key-figures'
import { OutsideTable } from './outside-table'
import { AttendantTable, UnitTable } from './people-tables'
import { Timeline } from './timeline'

/** What happened in a period. */
export function ReportsPage() {
  const { reports: r, allUnits, unit, days } = useTexts(reportTexts)
  const { language } = useI18n()
  const [filters, setFilters] = useFilters()
  const units = useQuery(hotelQuery).data?.units ?? []
  const asked = askedOf(filters)
  const overview = useQuery(pageQuery<OverviewReport>(['reports', 'overview', asked], addressOf('overview', asked)))
  const o = overview.data
  const day = (moment: number) => new Date(moment).toLocaleDateString(language, { timeZone: o?.timeZone ?? 'UTC' }) // the hotel's; the end is not counted any more
  const span = o && days(day(Date.parse(o.startDate)), day(Date.parse(o.endDate) - 1))
  return (
    <Page title={r.title} lead={r.lead}>
      <Toolbar>
        <PeriodChoice value={{ period: filters.period ?? '30d', from: filters.from ?? '', until: filters.until ?? '' }} onChange={(p) => setFilters({ period: p.period, from: p.from, until: p.until })} />
        {units.length > 1 && <Choice label={unit} value={filters.unit ?? ''} all={allUnits} options={units.map((value) => ({ value, label: value }))} onChange={(v) => setFilters({ unit: v })} />}
        {span && <p role="status" className="tabular self-center text-soft">{span}</p>}
      </Toolbar>
      {overview.isPending && <Skeleton className="h-64" />}
      {overview.isError && <Failed error={overview.error} onRetry={() => void overview.refetch()} />}
      {o?.totalConversations === 0 && <Card><div className="flex min-h-56"><Notice icon={<ChartColumn />} title={r.none} hint={r.noneHint} /></div></Card>}
      {o && o.totalConversations > 0 && <>
        <KeyFigures report={o} />
        <Timeline asked={asked} />
        <HourCards asked={asked} />
        <BotCard asked={asked} />
        {asked.hotelUnit === '' && units.length > 1 && <UnitTable asked={asked} />}
        <AttendantTable asked={asked} />
        <OutsideTable asked={asked} />
      </>}
    </Page>
  )
}
