import type { ReactNode } from 'react'
import { languages, type Language } from '@/lib/i18n/language'
import { useI18n } from '@/lib/i18n/i18n'

/** What the pages before the log-in have in common. */
export function SessionPage({ title, lead, children }: { title: string; lead?: string; children: ReactNode }) {
  const { t, language, choose } = useI18n()
  return (
    <main className="flex min-h-full flex-col items-center justify-center gap-6 bg-ground p-4">
      <div className="flex items-center gap-3">
        <img src="/icon.svg" alt="" width={40} height={40} />
        <p className="text-[1.375rem] font-semibold tracking-tight">{t.product}</p>
      </div>
      <section className="w-full max-w-[25rem] rounded-xl border border-line bg-paper p-6 shadow-low sm:p-8">
        <h1 className="text-display font-semibold tracking-tight">{title}</h1>
        {lead && <p className="mt-1 mb-5 text-soft">{lead}</p>}
        {children}
      </section>
      <label className="flex items-center gap-2 text-small text-soft">
        {t.account.language}
        <select value={language} onChange={(e) => choose(e.target.value as Language)} className="h-8 rounded-control border border-line bg-paper px-2">
          {languages.map((l) => <option key={l.code} value={l.code}>{l.name}</option>)}
        </select>
      </label>
    </main>
  )
}

export const Alert = ({ children }: { children: ReactNode }) => <p role="alert" className="rounded-control bg-danger-soft px-3 py-2 text-danger">{children}</p>
