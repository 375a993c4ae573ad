import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { pageQuery } from '@/api/page'
import type { SecondFactor } from '@/api/page-types'
import { Form, TextField } from '@/components/page/form'
import { Card } from '@/components/page/page'
import { useChange } from '@/components/page/use-change'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { accountTexts } from '@/lib/i18n/areas'
import { EnrolDialog, RecoveryCodes } from './enrol-dialog'

type Open = 'enrol' | 'codes' | 'off'

/** The second factor: switch it on, off, and get new codes for when the phone is lost. */
export function TwoSteps() {
  const a = useTexts(accountTexts)
  const [open, setOpen] = useState<Open>()
  const state = useQuery(pageQuery<SecondFactor>(['totp'], '/auth/totp')).data
  const close = () => setOpen(undefined)
  return (
    <Card title={a.totp} lead={state?.enabled ? a.totpOn(state.recoveryCodesLeft) : a.totpOff}>
      <div className="flex flex-wrap gap-2">
        {state && !state.enabled && <Button look="primary" onClick={() => setOpen('enrol')}>{a.start}</Button>}
        {state?.enabled && <><Button onClick={() => setOpen('codes')}>{a.newCodes}</Button><Button onClick={() => setOpen('off')}>{a.turnOff}</Button></>}
      </div>
      {open === 'enrol' && <EnrolDialog onClose={close} />}
      {open === 'codes' && <NewCodes onClose={close} />}
      {open === 'off' && <TurnOff onClose={close} />}
    </Card>
  )
}

function NewCodes({ onClose }: { onClose: () => void }) {
  const a = useTexts(accountTexts)
  const [code, setCode] = useState('')
  const get = useChange<{ recoveryCodes: string[] }>(['totp'], undefined)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={a.newCodes}>
      {get.data ? <RecoveryCodes codes={get.data.recoveryCodes} onKept={onClose} /> : (
        <Form error={get.error} busy={get.isPending} submit={a.continue} onCancel={onClose} onSubmit={() => get.mutate({ method: 'POST', path: '/auth/totp/recovery-codes', body: { code: code.replace(/\s/g, '') } })}>
          <TextField label={a.code} required autoFocus inputMode="numeric" autoComplete="one-time-code" maxLength={40} className="tabular tracking-widest" value={code} onChange={(e) => setCode(e.target.value)} />
        </Form>
      )}
    </Dialog>
  )
}

function TurnOff({ onClose }: { onClose: () => void }) {
  const a = useTexts(accountTexts)
  const [now, setNow] = useState({ password: '', code: '' })
  const off = useChange(['totp'], a.turnedOff, onClose)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={a.turnOffTitle} lead={a.turnOffLead}>
      <Form error={off.error} busy={off.isPending} submit={a.turnOff} onCancel={onClose} onSubmit={() => off.mutate({ method: 'POST', path: '/auth/totp/disable', body: now })}>
        <TextField label={a.current} type="password" required autoFocus autoComplete="current-password" maxLength={200} value={now.password} onChange={(e) => setNow({ ...now, password: e.target.value })} />
        <TextField label={a.code} required inputMode="numeric" autoComplete="one-time-code" maxLength={40} className="tabular tracking-widest" value={now.code} onChange={(e) => setNow({ ...now, code: e.target.value })} />
      </Form>
    </Dialog>
  )
}
