import { LogOut, UserRound } from 'lucide-react'
import { useState, type ReactElement } from 'react'
import type { User } from '@/api/types'
import { Menu, MenuChoices, MenuItem, MenuLine } from '@/components/ui/menu'
import { useI18n } from '@/lib/i18n/i18n'
import { languages } from '@/lib/i18n/language'
import { alertSettings, chooseAlerts, ring } from '@/realtime/alerts'
import { chosenTheme, chooseTheme, type Theme } from '@/lib/theme'

type Props = { user: User; onAccount?: () => void; onSignOut: () => void; trigger: ReactElement<Record<string, unknown>> }

/** Who is logged in, and how they like to see things. */
export function AccountMenu({ user, onAccount, onSignOut, trigger }: Props) {
  const { t, language, choose } = useI18n()
  const [theme, setTheme] = useState(chosenTheme)
  const [alerts, setAlerts] = useState(alertSettings)
  const wanted = alerts.browser ? 'browser' : alerts.sound ? 'sound' : 'silent'
  const chooseAlert = (v: string) => void chooseAlerts({ sound: v !== 'silent', browser: v === 'browser' }).then((kept) => {
    setAlerts(kept)
    if (kept.sound) ring()
  })
  const themes: { value: Theme; label: string }[] = [{ value: 'auto', label: t.account.themeAuto }, { value: 'light', label: t.account.themeLight }, { value: 'dark', label: t.account.themeDark }]
  return (
    <Menu trigger={trigger}>
      <div className="px-2.5 py-2">
        <p className="font-medium">{user.name}</p>
        <p className="text-small text-soft">{t.roles[user.role]}{user.hotelUnit && ` · ${user.hotelUnit}`}</p>
      </div>
      <MenuLine />
      <MenuChoices label={t.account.theme} value={theme} choices={themes} onChoose={(v) => { chooseTheme(v); setTheme(v) }} />
      <MenuChoices label={t.alerts.label} value={wanted} choices={[{ value: 'browser', label: t.alerts.browser }, { value: 'sound', label: t.alerts.sound }, { value: 'silent', label: t.alerts.silent }]} onChoose={chooseAlert} />
      <MenuChoices label={t.account.language} value={language} choices={languages.map((l) => ({ value: l.code, label: l.name }))} onChoose={choose} />
      <MenuLine />
      {onAccount && <MenuItem icon={<UserRound className="size-4" />} onClick={onAccount}>{t.nav.myAccount}</MenuItem>}
      <MenuItem icon={<LogOut className="size-4" />} onClick={onSignOut}>{t.account.signOut}</MenuItem>
    </Menu>
  )
}
