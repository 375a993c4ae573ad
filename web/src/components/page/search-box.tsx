import { Search, X } from 'lucide-react'
import { IconButton } from '@/components/ui/button'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'
import { useTyped } from '@/lib/use-typed'

const pause = 250 // of typing, before the server is asked

/** Text to search by; it tells what was typed after a pause. */
export function SearchBox({ label, value, onChange }: { label: string; value: string; onChange: (text: string) => void }) {
  const p = useTexts(pageTexts)
  const { text, setText, clear } = useTyped(value, onChange, pause)
  return (
    <div role="search" className="relative min-w-52 flex-1 basis-52 sm:max-w-80">
      <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-faint" />
      <input
        type="search" aria-label={label} placeholder={label} value={text} maxLength={200}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={(e) => e.key === 'Escape' && clear()}
        className="h-9 w-full rounded-control border border-line-strong bg-paper pr-9 pl-9 outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      {text !== '' && <IconButton label={p.clear} onClick={clear} className="absolute top-0 right-0"><X className="size-4" /></IconButton>}
    </div>
  )
}
