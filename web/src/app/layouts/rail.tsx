import { Link, useNavigate } from '@tanstack/react-router'
import { CircleUserRound } from 'lucide-react'
import type { User } from '@/api/types'
import { AccountMenu } from '@/features/account/account-menu'
import { useI18n } from '@/lib/i18n/i18n'
import { placesFor } from '../places'
import { signOut } from '../sign-out'
import { HotelButton } from './hotel-button'
import { PlaceIcon } from './place-icon'

const item = 'relative flex w-full flex-col items-center gap-1 rounded-lg py-2 text-tiny font-medium text-soft hover:bg-hover hover:text-ink aria-[current=page]:bg-brand-soft aria-[current=page]:text-brand-strong'

/** Every place with its name, at the left edge of the screen. */
export function Rail({ user }: { user: User }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  return (
    <nav aria-label={t.nav.label} className="hidden w-[6.25rem] shrink-0 flex-col items-center gap-1 overflow-y-auto border-r border-line bg-paper p-1.5 [scrollbar-width:none] md:flex">
      <img src="/icon.svg" alt={t.product} width={32} height={32} className="my-2 shrink-0" />
      {placesFor(user.role).map((place) => (
        <Link key={place.to} to={place.to} activeOptions={{ exact: false, includeSearch: false }} className={item}>
          <PlaceIcon place={place} /><span className="max-w-full truncate">{t.nav[place.name] as string}</span>
        </Link>
      ))}
      <span className="flex-1" />
      {user.role === 'SUPER_ADMIN' && <HotelButton className={item} />}
      <AccountMenu user={user} onAccount={() => void navigate({ to: '/conta' })} onSignOut={() => void signOut()} trigger={<button type="button" className={item}><CircleUserRound className="size-5" />{t.nav.account}</button>} />
    </nav>
  )
}
