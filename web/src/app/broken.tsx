import type { ErrorComponentProps } from '@tanstack/react-router'
import { TriangleAlert } from 'lucide-react'
import { useEffect } from 'react'
import { call } from '@/api/client'
import { isLoggedIn } from '@/api/session'
import { Notice } from '@/components/notice'
import { Button } from '@/components/ui/button'
import { useI18n } from '@/lib/i18n/i18n'

/** A page that threw. The server is told, so that somebody can mend it. */
export function Broken({ error, info }: ErrorComponentProps) {
  const { t } = useI18n()
  useEffect(() => {
    if (!isLoggedIn()) return
    const told = error instanceof Error ? error : new Error(String(error))
    const body = { message: told.message || told.name, stack: told.stack, componentStack: info?.componentStack, url: location.pathname, userAgent: navigator.userAgent }
    void call('/api/audit-logs/client-error', { method: 'POST', body }).catch(() => undefined)
  }, [error, info])
  return (
    <main className="flex h-full">
      <Notice icon={<TriangleAlert />} title={t.nav.broken} hint={t.nav.brokenHint}><Button onClick={() => location.reload()}>{t.nav.reload}</Button></Notice>
    </main>
  )
}
