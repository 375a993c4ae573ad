import { useLayoutEffect, useRef, useState } from 'react'
import { draftOf, keepDraft } from './drafts'
import { gapIn, type Called } from './quick'
import type { Mode } from './writer'

/** What is being written: a draft that is kept, in a box that is as high as its text. */
export function useText(conversation: string, mode: Mode) {
  const key = mode === 'note' ? `${conversation}.note` : conversation
  const box = useRef<HTMLTextAreaElement>(null)
  const [text, setText] = useState(() => draftOf(key))
  const [select, setSelect] = useState<[number, number]>()
  useLayoutEffect(() => {
    if (!box.current) return
    box.current.style.height = 'auto'
    box.current.style.height = `${box.current.scrollHeight}px`
  }, [text])
  useLayoutEffect(() => {
    if (!select || !box.current) return
    box.current.focus()
    box.current.setSelectionRange(...select)
  }, [select])
  const write = (next: string) => {
    setText(next)
    keepDraft(key, next)
  }
  /** Puts words in the place of what called them up, or where the caret is, and selects the first gap in them. */
  const put = (called: Called | undefined, words: string) => {
    const from = called?.from ?? box.current?.selectionStart ?? text.length
    const to = called?.to ?? box.current?.selectionEnd ?? text.length
    const gap = gapIn(words)
    write(text.slice(0, from) + words + text.slice(to))
    setSelect(gap ? [from + gap[0], from + gap[1]] : [from + words.length, from + words.length])
  }
  return { text, write, box, put }
}
