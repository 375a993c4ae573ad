import { useParams } from '@tanstack/react-router'
import { WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import type { User } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'
import { BottomBar } from './bottom-bar'
import { Rail } from './rail'

/** The way to every page, and the page beside it; on a phone below it, but for an open conversation. */
export function Shell({ user, connected, children }: { user: User; connected: boolean; children: ReactNode }) {
  const { t } = useI18n()
  const { conversation } = useParams({ strict: false })
  return (
    <div className="flex h-dvh flex-col">
      {!connected && (
        <p role="status" className="flex items-center justify-center gap-2 bg-warn-soft px-3 py-1.5 text-small font-medium text-warn"><WifiOff className="size-4" />{t.live.lost}</p>
      )}
      <div className="flex min-h-0 flex-1">
        <Rail user={user} />
        <div className="min-w-0 flex-1">{children}</div>
      </div>
      {conversation === undefined && <BottomBar user={user} />}
    </div>
  )
}
