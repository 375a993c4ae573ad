import { Copy } from 'lucide-react'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'

type Props = { title: string; lead: string; secret: string; kept: string; onKept: () => void }

/** Something secret that nobody can see again. Only the button closes it. */
export function ShownOnce({ title, lead, secret, kept, onKept }: Props) {
  const p = useTexts(pageTexts)
  return (
    <Dialog open onOpenChange={() => undefined} title={title} lead={lead}>
      <p className="tabular rounded-control bg-ground px-3 py-2.5 font-medium break-all">{secret}</p>
      <div className="mt-4 flex flex-wrap justify-end gap-2">
        <Button onClick={() => void navigator.clipboard?.writeText(secret).then(() => toast(p.copied))}><Copy className="size-4" />{p.copy}</Button>
        <Button look="primary" onClick={onKept}>{kept}</Button>
      </div>
    </Dialog>
  )
}
