import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'
import { HotelPicker } from './hotel-picker'

type Props = { chosen: string; onChoose: (slug: string) => void; onClose: () => void }

export function HotelDialog({ chosen, onChoose, onClose }: Props) {
  const { hotels } = useTexts(pageTexts)
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={hotels.title} lead={hotels.lead}>
      <HotelPicker chosen={chosen} onChoose={onChoose} />
    </Dialog>
  )
}
