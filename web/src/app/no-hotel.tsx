import { Page, Card } from '@/components/page/page'
import { HotelPicker } from '@/features/hotels/hotel-picker'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'
import { goToHotel } from './hotel'

/** What somebody of the platform sees before they chose a hotel. */
export function NoHotel() {
  const { hotels } = useTexts(pageTexts)
  return <Page narrow title={hotels.needed} lead={hotels.neededHint}><Card><HotelPicker chosen="" onChoose={goToHotel} /></Card></Page>
}
