import { EllipsisVertical, KeyRound, Trash2, UserRoundCheck, UserRoundX } from 'lucide-react'
import { useState } from 'react'
import type { Member } from '@/api/page-types'
import { Confirm } from '@/components/page/confirm'
import { RowActions } from '@/components/page/row-actions'
import { useChange } from '@/components/page/use-change'
import { IconButton } from '@/components/ui/button'
import { Menu, MenuItem } from '@/components/ui/menu'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'

type Asked = 'suspend' | 'remove' | 'totp'

/** What can be done to somebody; the graver things are asked about first. */
export function MemberActions({ member, isMe, onEdit }: { member: Member; isMe: boolean; onEdit: () => void }) {
  const p = useTexts(pageTexts)
  const { users: u } = useTexts(teamTexts)
  const [asked, setAsked] = useState<Asked>()
  const letIn = useChange(['team'], u.letInDone)
  const isActive = member.status === 'ACTIVE'
  const path = `/api/users/${member.id}`
  return (
    <RowActions name={member.name} onEdit={onEdit}>
      {!isMe && (
        <Menu trigger={<IconButton label={`${u.more}: ${member.name}`} className="order-last"><EllipsisVertical className="size-4" /></IconButton>}>
          {isActive
            ? <MenuItem icon={<UserRoundX className="size-4" />} onClick={() => setAsked('suspend')}>{u.suspend}</MenuItem>
            : <MenuItem icon={<UserRoundCheck className="size-4" />} onClick={() => letIn.mutate({ method: 'PATCH', path: `${path}/status`, body: { status: 'ACTIVE' } })}>{u.letIn}</MenuItem>}
          <MenuItem icon={<KeyRound className="size-4" />} onClick={() => setAsked('totp')}>{u.resetTotp}</MenuItem>
          <MenuItem danger icon={<Trash2 className="size-4" />} onClick={() => setAsked('remove')}>{p.remove}</MenuItem>
        </Menu>
      )}
      {asked && <Question asked={asked} member={member} onClose={() => setAsked(undefined)} />}
    </RowActions>
  )
}

function Question({ asked, member, onClose }: { asked: Asked; member: Member; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { users: u } = useTexts(teamTexts)
  const path = `/api/users/${member.id}`
  const about = {
    suspend: { title: u.suspendTitle, lead: u.suspendLead, action: u.suspend, done: u.suspended, change: { method: 'PATCH', path: `${path}/status`, body: { status: 'SUSPENDED' } } },
    remove: { title: u.removeTitle, lead: u.removeLead, action: p.remove, done: p.removed, change: { method: 'DELETE', path } },
    totp: { title: u.totpTitle, lead: u.totpLead, action: u.resetTotp, done: u.totpDone, change: { method: 'DELETE', path: `${path}/totp` } },
  } as const
  const { title, lead, action, done, change } = about[asked]
  const go = useChange(['team'], done, onClose)
  return <Confirm danger title={title(member.name)} lead={lead} action={action} busy={go.isPending} error={go.error} onClose={onClose} onConfirm={() => go.mutate(change)} />
}
