import { Link } from '@tanstack/react-router'
import { CircleUserRound, MessagesSquare, WifiOff } from 'lucide-react'
import type { ReactNode } from 'react'
import type { User } from '@/api/types'
import { AccountMenu } from '@/features/account/account-menu'
import { useI18n } from '@/lib/i18n/i18n'
import { signOut } from '../sign-out'

const item = 'flex w-full flex-col items-center gap-1 rounded-lg px-1 py-2 text-tiny font-medium text-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-brand-soft aria-[current=page]:text-brand-strong'

/** The rail with the way to every page, and the page beside it. On a phone the page has the screen for itself. */
export function Shell({ user, connected, children }: { user: User; connected: boolean; children: ReactNode }) {
  const { t } = useI18n()
  return (
    <div className="flex h-dvh flex-col">
      {!connected && (
        <p role="status" className="flex items-center justify-center gap-2 bg-warn-soft px-3 py-1.5 text-small font-medium text-warn"><WifiOff className="size-4" />{t.live.lost}</p>
      )}
      <div className="flex min-h-0 flex-1">
        <nav aria-label={t.nav.label} className="hidden w-[6.25rem] shrink-0 flex-col items-center gap-1 border-r border-line bg-paper p-1.5 md:flex">
          <img src="/icon.svg" alt={t.product} width={32} height={32} className="my-2" />
          <Link to="/conversas" activeOptions={{ exact: false, includeSearch: false }} className={item}><MessagesSquare className="size-5" /><span className="max-w-full truncate">{t.nav.conversations}</span></Link>
          <span className="flex-1" />
          <AccountMenu user={user} onSignOut={() => void signOut()} trigger={<button type="button" className={item}><CircleUserRound className="size-5" />{t.nav.account}</button>} />
        </nav>
        <div className="min-w-0 flex-1">{children}</div>
      </div>
    </div>
  )
}
