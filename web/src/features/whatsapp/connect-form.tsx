import { Copy } from 'lucide-react'
import { useState } from 'react'
import type { WhatsappConfig } from '@/api/page-types'
import { Form, TextField } from '@/components/page/form'
import { Card } from '@/components/page/page'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { IconButton } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'

/** What Meta's dashboard says of the number, and what that dashboard asks for. Secrets are never shown again. */
export function ConnectForm({ config }: { config: WhatsappConfig }) {
  const p = useTexts(pageTexts)
  const { whatsapp: w } = useTexts(settingTexts)
  const [now, setNow] = useState({
    whatsappPhoneNumberId: config.whatsappPhoneNumberId ?? '', whatsappBusinessAccountId: config.whatsappBusinessAccountId ?? '', phoneNumber: config.phoneNumber ?? '',
    whatsappAccessToken: '', whatsappAppSecret: '', whatsappWebhookVerifyToken: config.whatsappWebhookVerifyToken ?? '',
  })
  const save = useChange(['whatsapp', 'hotel'], p.saved, () => setNow((n) => ({ ...n, whatsappAccessToken: '', whatsappAppSecret: '' })))
  const wrong = wrongFields(save.error)
  const submit = () => save.mutate({ method: 'POST', path: '/api/tenants/whatsapp-config', body: Object.fromEntries(Object.entries(now).filter(([, v]) => v.trim() !== '').map(([k, v]) => [k, v.trim()])) })
  const field = (name: keyof typeof now, label: string, more: { hint?: string | undefined; required?: boolean; type?: string } = {}) => (
    <TextField label={label} autoComplete="off" spellCheck={false} value={now[name]} wrong={wrong.has(name)} onChange={(e) => setNow({ ...now, [name]: e.target.value })} {...more} />
  )
  return (
    <Card title={w.connect} lead={w.connectLead}>
      <Form error={save.error} busy={save.isPending} onSubmit={submit}>
        <div className="grid gap-4 sm:grid-cols-2">
          {field('whatsappPhoneNumberId', w.phoneNumberId, { required: true })}
          {field('whatsappBusinessAccountId', w.account)}
          {field('phoneNumber', w.phone)}
          {field('whatsappAccessToken', w.token, { type: 'password', hint: config.hasAccessToken ? w.tokenKeep : undefined, required: !config.hasAccessToken })}
          {field('whatsappAppSecret', w.secret, { type: 'password', hint: config.hasAppSecret ? w.tokenKeep : undefined })}
          {field('whatsappWebhookVerifyToken', w.verify)}
        </div>
        <TextField
          label={w.webhook} hint={w.webhookHint} readOnly value={config.webhookUrl}
          after={<IconButton label={p.copy} onClick={() => void navigator.clipboard?.writeText(config.webhookUrl).then(() => toast(p.copied))}><Copy className="size-4" /></IconButton>}
        />
      </Form>
    </Card>
  )
}
