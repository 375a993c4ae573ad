import { Link, useNavigate } from '@tanstack/react-router'
import { CircleUserRound, Ellipsis, LogOut } from 'lucide-react'
import type { User } from '@/api/types'
import { Menu, MenuItem, MenuLine } from '@/components/ui/menu'
import { useI18n } from '@/lib/i18n/i18n'
import { placesFor } from '../places'
import { signOut } from '../sign-out'
import { HotelButton } from './hotel-button'
import { PlaceIcon } from './place-icon'

const item = 'flex min-w-0 flex-auto flex-col items-center gap-0.5 rounded-lg px-1 py-1.5 text-tiny font-medium text-soft aria-[current=page]:text-brand-strong'

/** The places at the thumb; the rarer ones behind the last. */
export function BottomBar({ user }: { user: User }) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const places = placesFor(user.role)
  return (
    <nav aria-label={t.nav.label} className="flex shrink-0 border-t border-line bg-paper px-1 pb-[env(safe-area-inset-bottom)] md:hidden">
      {places.filter((p) => p.onPhone).map((place) => (
        <Link key={place.to} to={place.to} activeOptions={{ exact: false, includeSearch: false }} className={item}>
          <PlaceIcon place={place} /><span className="max-w-full truncate">{t.nav[place.name] as string}</span>
        </Link>
      ))}
      {user.role === 'SUPER_ADMIN' && <HotelButton className={item} />}
      <Menu trigger={<button type="button" className={item}><Ellipsis aria-hidden="true" className="size-5" />{t.nav.more}</button>}>
        {places.filter((p) => !p.onPhone).map((place) => (
          <MenuItem key={place.to} icon={<place.icon className="size-4" />} onClick={() => void navigate({ to: place.to })}>{t.nav[place.name] as string}</MenuItem>
        ))}
        <MenuLine />
        <MenuItem icon={<CircleUserRound className="size-4" />} onClick={() => void navigate({ to: '/conta' })}>{t.nav.myAccount}</MenuItem>
        <MenuItem icon={<LogOut className="size-4" />} onClick={() => void signOut()}>{t.account.signOut}</MenuItem>
      </Menu>
    </nav>
  )
}
