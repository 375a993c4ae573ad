import type { OverviewReport, Share, Spread } from '@/api/page-types'
import { Figure } from '@/components/page/figure-card'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

/** The numbers one looks at first. Nothing is shown that was not measured. */
export function KeyFigures({ report: o }: { report: OverviewReport }) {
  const { reports: r } = useTexts(reportTexts)
  const { format } = useI18n()
  return (
    <>
      <dl className="grid grid-cols-2 gap-3 lg:grid-cols-3">
        <Figure name={r.total} value={format.number(o.totalConversations)} note={r.before(o.previousTotal)} />
        <ShareFigure name={r.botResolved} share={o.botResolvedShare} />
        <ShareFigure name={r.escalated} share={o.escalationRate} />
        <SpreadFigure name={r.firstReply} spread={o.timeToFirstReply} />
        <SpreadFigure name={r.humanAnswer} spread={o.timeToFirstHumanAnswer} />
        <SpreadFigure name={r.toClose} spread={o.timeToClose} />
      </dl>
      <p className="max-w-[52rem] text-small text-soft">{r.about}</p>
    </>
  )
}

function ShareFigure({ name, share }: { name: string; share: Share }) {
  const { reports: r } = useTexts(reportTexts)
  const { format } = useI18n()
  return <Figure name={name} value={share.of === 0 ? '–' : `${format.number(share.percentage)} %`} note={share.of === 0 ? r.notMeasured : r.share(share.count, share.of)} />
}

function SpreadFigure({ name, spread }: { name: string; spread: Spread }) {
  const { reports: r } = useTexts(reportTexts)
  const { format } = useI18n()
  if (spread.median === null) return <Figure name={name} value="–" note={r.notMeasured} />
  const note = [spread.p90 !== null && `${r.p90}: ${format.lasting(spread.p90)}`, r.measured(spread.measured)].filter(Boolean).join(' · ')
  return <Figure name={`${name} (${r.median})`} value={format.lasting(spread.median)} note={note} />
}
