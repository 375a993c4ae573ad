import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { deskTexts } from '@/lib/i18n/desk-texts'
import { shortcuts, type Shortcut } from './keys'

export const Key = ({ children }: { children: string }) => <kbd className="inline-flex h-6 min-w-6 items-center justify-center rounded border border-line-strong bg-ground px-1.5 text-small font-medium">{children}</kbd>

/** Which keys there are. */
export function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const d = useTexts(deskTexts)
  const rows: [string, string][] = [['Ctrl K', d.keys.palette], ...(Object.keys(shortcuts) as Shortcut[]).map((name): [string, string] => [shortcuts[name].toUpperCase(), d.keys[name]])]
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={d.keys.title} lead={d.keys.lead}>
      <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
        {rows.map(([key, does]) => (
          <div key={key} className="contents">
            <dt className="flex gap-1">{key.split(' ').map((k) => <Key key={k}>{k}</Key>)}</dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
