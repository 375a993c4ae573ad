import { EllipsisVertical, History, KeyRound, Pause, Play, Send, Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { Webhook, WebhookAttempt } from '@/api/page-types'
import { Confirm } from '@/components/page/confirm'
import { RowActions } from '@/components/page/row-actions'
import { useChange } from '@/components/page/use-change'
import { usePageError } from '@/components/page/use-page-error'
import { IconButton } from '@/components/ui/button'
import { Menu, MenuItem } from '@/components/ui/menu'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, settingTexts } from '@/lib/i18n/areas'
import { DeliveryLog } from './delivery-log'

type Props = { subscription: Webhook; onEdit: () => void; onSecret: (secret: string) => void }

export function SubscriptionActions({ subscription: one, onEdit, onSecret }: Props) {
  const p = useTexts(pageTexts)
  const { subscriptions: s } = useTexts(settingTexts)
  const textOf = usePageError()
  const [open, setOpen] = useState<'log' | 'rotate' | 'remove'>()
  const path = `/api/webhooks/${one.id}`
  const failed = { onError: (e: unknown) => toast(textOf(e), 'failed') }
  const test = useChange<WebhookAttempt>(['subscriptions'], undefined, (a) => toast(a.status === 'delivered' ? s.testOk(a.durationMs) : s.testFailed, a.status === 'delivered' ? 'done' : 'failed'))
  const change = useChange(['subscriptions'], p.saved)
  const paused = one.status === 'paused'
  const close = () => setOpen(undefined)
  return (
    <RowActions name={one.description || one.url} onEdit={onEdit}>
      <Menu trigger={<IconButton label={`${s.more}: ${one.description || one.url}`} className="order-last"><EllipsisVertical className="size-4" /></IconButton>}>
        <MenuItem icon={<Send className="size-4" />} onClick={() => test.mutate({ method: 'POST', path: `${path}/test` }, failed)}>{s.test}</MenuItem>
        <MenuItem icon={<History className="size-4" />} onClick={() => setOpen('log')}>{s.log}</MenuItem>
        <MenuItem icon={paused ? <Play className="size-4" /> : <Pause className="size-4" />} onClick={() => change.mutate({ method: 'PATCH', path, body: { paused: !paused } }, failed)}>{paused ? s.resume : s.pause}</MenuItem>
        <MenuItem icon={<KeyRound className="size-4" />} onClick={() => setOpen('rotate')}>{s.rotate}</MenuItem>
        <MenuItem danger icon={<Trash2 className="size-4" />} onClick={() => setOpen('remove')}>{p.remove}</MenuItem>
      </Menu>
      {open === 'log' && <DeliveryLog subscription={one} onClose={close} />}
      {open === 'rotate' && <Rotate path={path} onClose={close} onSecret={onSecret} />}
      {open === 'remove' && <Remove path={path} onClose={close} />}
    </RowActions>
  )
}

function Rotate({ path, onClose, onSecret }: { path: string; onClose: () => void; onSecret: (secret: string) => void }) {
  const { subscriptions: s } = useTexts(settingTexts)
  const rotate = useChange<Webhook>(['subscriptions'], undefined, (answer) => { onClose(); onSecret(answer.secret ?? '') })
  return <Confirm title={s.rotateTitle} lead={s.rotateLead} action={s.rotate} busy={rotate.isPending} error={rotate.error} onClose={onClose} onConfirm={() => rotate.mutate({ method: 'POST', path: `${path}/rotate-secret` })} />
}

function Remove({ path, onClose }: { path: string; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { subscriptions: s } = useTexts(settingTexts)
  const remove = useChange(['subscriptions'], p.removed, onClose)
  return <Confirm danger title={s.removeTitle} lead={s.removeLead} action={p.remove} busy={remove.isPending} error={remove.error} onClose={onClose} onConfirm={() => remove.mutate({ method: 'DELETE', path })} />
}
