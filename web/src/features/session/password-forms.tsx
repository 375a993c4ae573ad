import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { call } from '@/api/client'
import { Button } from '@/components/ui/button'
import { Field } from '@/components/ui/field'
import { useErrorText } from '@/components/use-error-text'
import { useI18n } from '@/lib/i18n/i18n'
import { Alert, SessionPage } from './page'

const ToLogin = ({ text }: { text: string }) => <Link to="/login" className="self-center text-brand-strong underline underline-offset-2">{text}</Link>

/** Asks for the letter that replaces a password. It says the same whether there is an account or not. */
export function ForgotForm() {
  const { t } = useI18n()
  const textOf = useErrorText()
  const [email, setEmail] = useState('')
  const ask = useMutation({ mutationFn: () => call('/auth/forgot-password', { method: 'POST', body: { email: email.trim() }, anonymous: true }) })
  return (
    <SessionPage title={t.forgot.title} lead={t.forgot.lead}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); ask.mutate() }}>
        {ask.isError && <Alert>{textOf(ask.error)}</Alert>}
        {ask.isSuccess ? <p role="status" className="rounded-control bg-brand-soft px-3 py-2 text-brand-strong">{t.forgot.sent}</p> : (
          <>
            <Field label={t.login.email} type="email" name="email" autoComplete="username" required autoFocus value={email} onChange={(e) => setEmail(e.target.value)} />
            <Button type="submit" look="primary" className="h-11" busy={ask.isPending}>{t.forgot.submit}</Button>
          </>
        )}
        <ToLogin text={t.forgot.back} />
      </form>
    </SessionPage>
  )
}

/** What the link of that letter leads to. */
export function ResetForm({ token }: { token: string }) {
  const { t } = useI18n()
  const textOf = useErrorText()
  const [password, setPassword] = useState('')
  const reset = useMutation({ mutationFn: () => call('/auth/reset-password', { method: 'POST', body: { token, newPassword: password }, anonymous: true }) })
  if (token === '') return <SessionPage title={t.reset.title}><div className="mt-4 flex flex-col gap-4"><Alert>{t.reset.noToken}</Alert><ToLogin text={t.forgot.back} /></div></SessionPage>
  return (
    <SessionPage title={t.reset.title} lead={t.reset.lead}>
      <form className="flex flex-col gap-4" onSubmit={(e) => { e.preventDefault(); reset.mutate() }}>
        {reset.isError && <Alert>{textOf(reset.error)}</Alert>}
        {reset.isSuccess ? <p role="status" className="rounded-control bg-brand-soft px-3 py-2 text-brand-strong">{t.reset.done}</p> : (
          <>
            <Field label={t.reset.password} type="password" name="password" autoComplete="new-password" required autoFocus minLength={8} maxLength={72} value={password} onChange={(e) => setPassword(e.target.value)} />
            <Button type="submit" look="primary" className="h-11" busy={reset.isPending}>{t.reset.submit}</Button>
          </>
        )}
        <ToLogin text={t.forgot.back} />
      </form>
    </SessionPage>
  )
}
