import { Copy } from 'lucide-react'
import { useState } from 'react'
import type { Enrolment } from '@/api/page-types'
import { Form, TextField } from '@/components/page/form'
import { useChange } from '@/components/page/use-change'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { accountTexts, pageTexts } from '@/lib/i18n/areas'

/** Password, key, first code, and the codes to keep. */
export function EnrolDialog({ onClose }: { onClose: () => void }) {
  const a = useTexts(accountTexts)
  const [password, setPassword] = useState('')
  const begin = useChange<Enrolment>([], undefined)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={a.totp}>
      {begin.data ? <FirstCode enrolment={begin.data} onClose={onClose} /> : (
        <Form error={begin.error} busy={begin.isPending} submit={a.continue} onCancel={onClose} onSubmit={() => begin.mutate({ method: 'POST', path: '/auth/totp', body: { password } })}>
          <TextField label={a.confirmPassword} type="password" required autoFocus autoComplete="current-password" maxLength={200} value={password} onChange={(e) => setPassword(e.target.value)} />
        </Form>
      )}
    </Dialog>
  )
}

function FirstCode({ enrolment, onClose }: { enrolment: Enrolment; onClose: () => void }) {
  const a = useTexts(accountTexts)
  const p = useTexts(pageTexts)
  const [code, setCode] = useState('')
  const confirm = useChange<{ recoveryCodes: string[] }>(['totp'], undefined)
  if (confirm.data) return <RecoveryCodes codes={confirm.data.recoveryCodes} onKept={onClose} />
  const copy = () => void navigator.clipboard?.writeText(enrolment.secret).then(() => toast(p.copied))
  return (
    <div className="flex flex-col gap-4">
      <p>{a.scan}</p>
      <p className="tabular rounded-control bg-ground px-3 py-2 text-center text-title font-semibold tracking-wider break-all">{enrolment.secret.replace(/(.{4})/g, '$1 ').trim()}</p>
      <div className="flex flex-wrap gap-2">
        <Button onClick={copy}><Copy className="size-4" />{a.copyKey}</Button>
        <a href={enrolment.otpauthUrl} className="inline-flex h-9 items-center px-2 text-brand-strong underline underline-offset-2">{a.openApp}</a>
      </div>
      <Form error={confirm.error} busy={confirm.isPending} submit={a.turnOn} onCancel={onClose} onSubmit={() => confirm.mutate({ method: 'POST', path: '/auth/totp/confirm', body: { code: code.replace(/\s/g, '') } })}>
        <TextField label={a.code} required autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={40} className="tabular tracking-widest" value={code} onChange={(e) => setCode(e.target.value)} />
      </Form>
    </div>
  )
}

export function RecoveryCodes({ codes, onKept }: { codes: string[]; onKept: () => void }) {
  const a = useTexts(accountTexts)
  const p = useTexts(pageTexts)
  return (
    <div className="flex flex-col gap-3">
      <h3 className="font-semibold">{a.recovery}</h3>
      <p className="text-soft">{a.recoveryLead}</p>
      <ul className="tabular grid grid-cols-2 gap-x-6 gap-y-1 rounded-control bg-ground px-4 py-3 font-medium">{codes.map((code) => <li key={code}>{code}</li>)}</ul>
      <div className="flex justify-end gap-2">
        <Button onClick={() => void navigator.clipboard?.writeText(codes.join('\n')).then(() => toast(p.copied))}><Copy className="size-4" />{p.copy}</Button>
        <Button look="primary" onClick={onKept}>{a.kept}</Button>
      </div>
    </div>
  )
}
