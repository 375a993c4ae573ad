import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'
import { Choice } from './choice'

export type Period = { period: string; from: string; until: string }

const presets = ['7d', '30d', '90d', '1y'] as const

/** The last days, or days that one chooses. The dates are the hotel's. */
export function PeriodChoice({ value, onChange }: { value: Period; onChange: (p: Period) => void }) {
  const { period: p } = useTexts(pageTexts)
  const isCustom = value.period === 'custom'
  const day = 'h-9 rounded-control border border-line-strong bg-paper px-2.5 outline-offset-0'
  return (
    <>
      <Choice
        label={p.label} value={value.period} options={[...presets.map((v) => ({ value: v, label: p[v] })), { value: 'custom', label: p.custom }]}
        onChange={(period) => onChange({ ...value, period })}
      />
      {isCustom && (
        <>
          <input type="date" aria-label={p.from} title={p.from} value={value.from} max={value.until || undefined} onChange={(e) => onChange({ ...value, from: e.target.value })} className={day} />
          <input type="date" aria-label={p.to} title={p.to} value={value.until} min={value.from || undefined} onChange={(e) => onChange({ ...value, until: e.target.value })} className={day} />
        </>
      )}
    </>
  )
}
