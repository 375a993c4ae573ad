import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import { noFilter } from '@/api/desk-keys'
import { useI18n } from '@/lib/i18n/i18n'
import { countsQuery } from './queries'

/** Says on the browser's tab in how many conversations something is unread. */
export function useUnreadBadge() {
  const { t } = useI18n()
  const unread = useQuery(countsQuery(noFilter)).data?.unread ?? 0
  useEffect(() => {
    document.title = `${unread > 0 ? `(${unread > 99 ? '99+' : unread}) ` : ''}${t.list.title} · ${t.product}`
    document.querySelector('link[rel=icon]')?.setAttribute('href', unread > 0 ? '/icon-unread.svg' : '/icon.svg')
    return () => {
      document.title = t.product
      document.querySelector('link[rel=icon]')?.setAttribute('href', '/icon.svg')
    }
  }, [unread, t])
}
