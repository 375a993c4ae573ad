import { Building2 } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { useI18n } from '@/lib/i18n/i18n'
import { goToHotel, useHotel } from '../hotel'

const HotelDialog = lazy(() => import('@/features/hotels/hotel-dialog').then((m) => ({ default: m.HotelDialog })))

/** Which hotel somebody of the platform looks at, and the way to another. */
export function HotelButton({ className }: { className: string }) {
  const { t } = useI18n()
  const { slug } = useHotel()
  const [open, setOpen] = useState(false)
  return (
    <>
      <button type="button" aria-haspopup="dialog" title={t.nav.hotel} onClick={() => setOpen(true)} className={className}>
        <Building2 aria-hidden="true" className="size-5" /><span className="max-w-full truncate">{slug === '' ? t.nav.hotel : slug}</span>
      </button>
      {open && <Suspense fallback={null}><HotelDialog chosen={slug} onChoose={(to) => { setOpen(false); goToHotel(to) }} onClose={() => setOpen(false)} /></Suspense>}
    </>
  )
}
