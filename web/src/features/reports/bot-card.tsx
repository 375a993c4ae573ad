import { useQuery } from '@tanstack/react-query'
import { pageQuery } from '@/api/page'
import type { BotReport } from '@/api/page-types'
import { Rows } from '@/components/charts/bars'
import { Card } from '@/components/page/page'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts, teamTexts } from '@/lib/i18n/areas'
import { addressOf, type Asked } from './asked'
import { CsvButton } from './csv-button'

/** Why the bot called for a person. */
export function BotCard({ asked }: { asked: Asked }) {
  const { reports: r, count } = useTexts(reportTexts)
  const { escalations: e } = useTexts(teamTexts)
  const report = useQuery(pageQuery<BotReport>(['reports', 'bot', asked], addressOf('bot', asked)))
  const reasons = report.data?.escalationReasons ?? []
  if (reasons.length === 0) return null
  return (
    <Card title={r.botPart} actions={<CsvButton report="bot" name={r.botPart} asked={asked} />}>
      <Rows label={r.botPart} head={count} rows={reasons.map((x) => ({ label: e.reasons[x.reason] ?? e.reasons.OTHER ?? '', value: x.count }))} />
    </Card>
  )
}
