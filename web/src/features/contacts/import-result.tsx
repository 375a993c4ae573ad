import type { ImportOutcome } from '@/api/page-types'
import { useTexts } from '@/lib/i18n/area'
import { contactTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'

/** How many lines become what. */
export function ImportCounts({ counts }: { counts: ImportOutcome['counts'] }) {
  const { importing: c } = useTexts(contactTexts)
  const { format } = useI18n()
  const rows = [[c.create, counts.created], [c.update, counts.updated], [c.skip, counts.skipped], [c.error, counts.failed]] as const
  return (
    <dl className="grid grid-cols-2 gap-2 sm:grid-cols-4">
      {rows.map(([name, count]) => <div key={name} className="rounded-control bg-ground px-3 py-2"><dt className="text-small text-soft">{name}</dt><dd className="tabular text-title font-semibold">{format.number(count)}</dd></div>)}
    </dl>
  )
}

const most = 50 // more lines are not read by anybody

export function ImportErrors({ errors }: { errors: ImportOutcome['errors'] }) {
  const { importing: c } = useTexts(contactTexts)
  if (errors.length === 0) return null
  return (
    <div>
      <h4 className="mb-1 font-medium">{c.problems}</h4>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- scrolled by keyboard */}
      <div tabIndex={0} className="max-h-48 overflow-auto rounded-control border border-line">
        <table className="w-full text-left text-small">
          <thead><tr className="text-soft"><th scope="col" className="px-3 py-1.5 font-medium">{c.line}</th><th scope="col" className="px-3 py-1.5 font-medium">{c.column}</th><th scope="col" className="px-3 py-1.5 font-medium">{c.problem}</th></tr></thead>
          <tbody>{errors.slice(0, most).map((e, i) => <tr key={i} className="border-t border-line"><td className="tabular px-3 py-1.5">{e.line}</td><td className="px-3 py-1.5">{e.column}</td><td className="px-3 py-1.5">{e.message}</td></tr>)}</tbody>
        </table>
      </div>
    </div>
  )
}
