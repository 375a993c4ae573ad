import { Search, X } from 'lucide-react'
import { useEffect, useRef, type KeyboardEvent } from 'react'
import { IconButton } from '@/components/ui/button'
import { useI18n } from '@/lib/i18n/i18n'
import { useTyped } from '@/lib/use-typed'
import { onWish } from '@/lib/wish'

const pause = 180 // of typing, before the server is asked

export function SearchBox({ value, onChange }: { value: string; onChange: (text: string) => void }) {
  const { t } = useI18n()
  const { text, setText, clear } = useTyped(value, onChange, pause)
  const box = useRef<HTMLInputElement>(null)
  useEffect(() => onWish((w) => w === 'search' && box.current?.focus()), [])
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Escape') return text === '' ? box.current?.blur() : clear()
    if (e.key !== 'ArrowDown') return
    e.preventDefault() // into what was found
    box.current?.closest('section')?.querySelector<HTMLElement>('li a, li button')?.focus()
  }
  return (
    <div className="relative min-w-0 flex-1" role="search">
      <Search aria-hidden="true" className="pointer-events-none absolute top-2.5 left-3 size-4 text-faint" />
      <input
        ref={box}
        type="search"
        aria-label={t.list.search}
        placeholder={t.list.search}
        value={text}
        maxLength={200}
        onChange={(e) => setText(e.target.value)}
        onKeyDown={onKeyDown}
        className="h-9 w-full rounded-full bg-ground pr-9 pl-9 outline-offset-0 [&::-webkit-search-cancel-button]:hidden"
      />
      {text !== '' && <IconButton label={t.list.clearSearch} onClick={clear} className="absolute top-0 right-0"><X className="size-4" /></IconButton>}
    </div>
  )
}
