import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pageQuery } from '@/api/page'
import type { OutsideReport } from '@/api/page-types'
import { Notice } from '@/components/notice'
import { GuestCell } from '@/components/page/guest-cell'
import { Pager } from '@/components/page/pager'
import { Table, type Column } from '@/components/page/table'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { addressOf, type Asked } from './asked'
import { CsvButton } from './csv-button'
import { Titled } from './people-tables'

const limit = 10

/** Conversations that began while nobody was at the desk. */
export function OutsideTable({ asked }: { asked: Asked }) {
  const { reports: r, unit } = useTexts(reportTexts)
  const { t, format } = useI18n()
  const [page, setPage] = useState(1)
  const report = useQuery(pageQuery<OutsideReport>(['reports', 'outside', asked, page], addressOf('outside-hours', asked, { page, limit })))
  const columns: Column<OutsideReport['conversations'][number]>[] = [
    { key: 'guest', head: r.guest, narrow: 'title', cell: (c) => <GuestCell conversation={c.id} contact={c.contact} /> },
    { key: 'began', head: r.began, cell: (c) => <span className="tabular whitespace-nowrap">{format.full(c.createdAt)}</span> },
    { key: 'status', head: r.status, cell: (c) => t.status[c.status] },
    { key: 'unit', head: unit, cell: (c) => c.hotelUnit ?? <span className="text-soft">–</span> },
    { key: 'attendant', head: r.attendant, cell: (c) => c.assignedTo?.name ?? <span className="text-soft">–</span> },
  ]
  return (
    <Titled title={r.outsideList} action={<CsvButton report="outside-hours" name={r.outsideList} asked={asked} />}>
      <Table label={r.outsideList} columns={columns} rows={{ ...report, data: report.data?.conversations }} keyOf={(c) => c.id} empty={<Notice title={r.empty} />} />
      <Pager page={page} limit={limit} total={report.data?.total ?? 0} onPage={setPage} />
    </Titled>
  )
}
