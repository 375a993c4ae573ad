import { useEffect, useRef, useState, type KeyboardEvent } from 'react'
import { useI18n } from '@/lib/i18n/i18n'
import { useTexts } from '@/lib/i18n/area'
import { threadTexts } from '@/lib/i18n/thread-texts'
import { emoji, recentEmoji, usedEmoji } from './emoji'

const columns = 8

/** Emoji to choose from, above the composer. Arrows go through them, Escape closes. */
export function EmojiPicker({ onChoose, onClose }: { onChoose: (one: string) => void; onClose: () => void }) {
  const { t } = useI18n()
  const d = useTexts(threadTexts)
  const [recent] = useState(recentEmoji)
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    box.current?.querySelector('button')?.focus()
    const outside = (e: PointerEvent) => {
      if (!box.current?.contains(e.target as Node)) onClose()
    }
    document.addEventListener('pointerdown', outside)
    return () => document.removeEventListener('pointerdown', outside)
  }, [onClose])
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key === 'Escape') {
      e.stopPropagation()
      return onClose()
    }
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns }[e.key]
    if (step === undefined) return
    e.preventDefault()
    const all = [...(box.current?.querySelectorAll('button') ?? [])]
    all[Math.min(all.length - 1, Math.max(0, all.indexOf(document.activeElement as HTMLButtonElement) + step))]?.focus()
  }
  const choose = (one: string) => {
    usedEmoji(one)
    onChoose(one)
    onClose()
  }
  return (
    // The arrows of the whole grid; each emoji is a button of its own.
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <div ref={box} role="dialog" aria-label={t.composer.emoji} tabIndex={-1} onKeyDown={onKeyDown} className="absolute right-3 bottom-full z-30 mb-2 max-h-80 w-[20.5rem] max-w-[calc(100vw-1.5rem)] overflow-y-auto rounded-xl border border-line bg-paper p-2 shadow-lifted">
      {[{ name: 'recent' as const, all: recent }, ...emoji].map((group) => (
        <section key={group.name} aria-label={d.emoji[group.name]}>
          <h3 className="sticky top-0 bg-paper px-1 py-1 text-tiny font-medium text-soft">{d.emoji[group.name]}</h3>
          <div className="grid grid-cols-8">
            {group.all.map((one) => (
              <button key={one} type="button" onClick={() => choose(one)} className="flex aspect-square items-center justify-center rounded-md text-xl hover:bg-hover">{one}</button>
            ))}
          </div>
        </section>
      ))}
    </div>
  )
}
