import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { meQuery } from '@/api/me'
import { Form, SelectField, TextField } from '@/components/page/form'
import { Card, Page } from '@/components/page/page'
import { useChange } from '@/components/page/use-change'
import { usePerson } from '@/components/person'
import { useTexts } from '@/lib/i18n/area'
import { accountTexts, pageTexts } from '@/lib/i18n/areas'
import { languages, type Language } from '@/lib/i18n/language'
import { useI18n } from '@/lib/i18n/i18n'
import { chosenTheme, chooseTheme, type Theme } from '@/lib/theme'
import { OwnSessions } from './own-sessions'
import { TwoSteps } from './two-steps'

/** A person's own account. */
export function AccountPage() {
  const a = useTexts(accountTexts)
  const { t } = useI18n()
  const me = usePerson()
  return (
    <Page narrow title={a.title} lead={[t.roles[me.role], me.hotelUnit].filter(Boolean).join(' · ')}>
      <Profile />
      <Look />
      <Password />
      <TwoSteps />
      <OwnSessions />
    </Page>
  )
}

function Profile() {
  const p = useTexts(pageTexts)
  const a = useTexts(accountTexts)
  const client = useQueryClient()
  const me = usePerson()
  const [name, setName] = useState(me.name)
  const save = useChange([], p.saved, () => void client.invalidateQueries({ queryKey: meQuery.queryKey }))
  return (
    <Card title={a.profile}>
      <Form error={save.error} busy={save.isPending} disabled={name.trim() === me.name} onSubmit={() => save.mutate({ method: 'PATCH', path: '/auth/me', body: { name: name.trim() } })}>
        <TextField label={a.name} hint={a.nameHint} required maxLength={100} autoComplete="name" value={name} onChange={(e) => setName(e.target.value)} />
        <TextField label={a.email} hint={a.emailHint} disabled value={me.email} />
      </Form>
    </Card>
  )
}

function Look() {
  const a = useTexts(accountTexts)
  const { t, language, choose } = useI18n()
  const [theme, setTheme] = useState(chosenTheme)
  const themes: [Theme, string][] = [['auto', t.account.themeAuto], ['light', t.account.themeLight], ['dark', t.account.themeDark]]
  return (
    <Card title={a.look} lead={a.lookLead}>
      <div className="grid gap-4 sm:grid-cols-2">
        <SelectField label={t.account.language} value={language} onChange={(e) => choose(e.target.value as Language)}>{languages.map((l) => <option key={l.code} value={l.code}>{l.name}</option>)}</SelectField>
        <SelectField label={t.account.theme} value={theme} onChange={(e) => { chooseTheme(e.target.value as Theme); setTheme(e.target.value as Theme) }}>{themes.map(([value, label]) => <option key={value} value={value}>{label}</option>)}</SelectField>
      </div>
    </Card>
  )
}

function Password() {
  const a = useTexts(accountTexts)
  const empty = { currentPassword: '', newPassword: '' }
  const [now, setNow] = useState(empty)
  const save = useChange(['sessions'], a.changed, () => setNow(empty))
  return (
    <Card title={a.password} lead={a.passwordLead}>
      <Form error={save.error} busy={save.isPending} submit={a.change} onSubmit={() => save.mutate({ method: 'PUT', path: '/auth/me/password', body: now })}>
        <div className="grid gap-4 sm:grid-cols-2">
          <TextField label={a.current} type="password" required autoComplete="current-password" maxLength={200} value={now.currentPassword} onChange={(e) => setNow({ ...now, currentPassword: e.target.value })} />
          <TextField label={a.next} hint={a.nextHint} type="password" required autoComplete="new-password" minLength={8} maxLength={72} value={now.newPassword} onChange={(e) => setNow({ ...now, newPassword: e.target.value })} />
        </div>
      </Form>
    </Card>
  )
}
