import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Eye, EyeOff } from 'lucide-react'
import { useState, type FormEvent } from 'react'
import { ApiError, call } from '@/api/client'
import { keepTokens } from '@/api/session'
import type { Session } from '@/api/types'
import { Button, IconButton } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { Alert, SessionPage } from './page'

type Attempt = { email: string; password: string; totp?: string; recoveryCode?: string }

const isApps = (code: string) => /^\d{6}$/.test(code)

/** E-mail and password, then the second factor of accounts that have one. */
export function LoginForm({ onDone }: { onDone: (s: Session) => void }) {
  const { t } = useI18n()
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const login = useMutation({
    mutationFn: (body: Attempt) => call<Session>('/auth/login', { method: 'POST', body, anonymous: true }),
    onSuccess: (s) => {
      keepTokens(s)
      onDone(s)
    },
  })
  const [wantsCode, setWantsCode] = useState(false)
  const attempt = (code?: string) => login.mutate(
    { email: email.trim(), password, ...(code && (isApps(code) ? { totp: code } : { recoveryCode: code })) },
    { onError: (e) => e instanceof ApiError && e.code === 'totp_required' && setWantsCode(true) },
  )
  if (wantsCode) return <CodeForm error={login.error} busy={login.isPending} onCode={attempt} onBack={() => { login.reset(); setWantsCode(false); setPassword('') }} />
  return (
    <SessionPage title={t.login.title} lead={t.login.lead}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); attempt() }}>
        <Problem error={login.error} />
        <Field label={t.login.email} type="email" name="email" autoComplete="username" required autoFocus value={email} onChange={(e) => setEmail(e.target.value)} />
        <Password value={password} onChange={setPassword} />
        <Button type="submit" look="primary" className="h-11" busy={login.isPending}>{t.login.submit}</Button>
        <Link to="/forgot-password" className="self-center text-brand-strong underline underline-offset-2">{t.login.forgot}</Link>
      </form>
    </SessionPage>
  )
}

function Problem({ error }: { error: Error | null }) {
  const textOf = useErrorText()
  return error === null ? null : <Alert>{textOf(error)}</Alert>
}

function Password({ value, onChange }: { value: string; onChange: (v: string) => void }) {
  const { t } = useI18n()
  const [shown, setShown] = useState(false)
  return (
    <Field
      label={t.login.password}
      type={shown ? 'text' : 'password'}
      name="password"
      autoComplete="current-password"
      required
      minLength={6}
      value={value}
      onChange={(e) => onChange(e.target.value)}
      after={<IconButton label={shown ? t.login.hidePassword : t.login.showPassword} onClick={() => setShown(!shown)}>{shown ? <EyeOff className="size-4" /> : <Eye className="size-4" />}</IconButton>}
    />
  )
}

type CodeProps = { error: Error | null; busy: boolean; onCode: (code: string) => void; onBack: () => void }

function CodeForm({ error, busy, onCode, onBack }: CodeProps) {
  const { t } = useI18n()
  const [code, setCode] = useState('')
  const submit = (e: FormEvent) => {
    e.preventDefault()
    onCode(code.replace(/\s/g, ''))
  }
  const isNews = !(error instanceof ApiError) || error.code !== 'totp_required'
  return (
    <SessionPage title={t.login.title} lead={t.login.codeLead}>
      <form className="flex flex-col gap-4" onSubmit={submit}>
        <Problem error={isNews ? error : null} />
        <Field label={t.login.code} name="code" autoComplete="one-time-code" inputMode="text" required autoFocus maxLength={40} className="tabular tracking-widest" value={code} onChange={(e) => setCode(e.target.value)} />
        <Button type="submit" look="primary" className="h-11" busy={busy}>{t.login.confirm}</Button>
        <Button look="quiet" onClick={onBack}>{t.login.otherAccount}</Button>
      </form>
    </SessionPage>
  )
}
