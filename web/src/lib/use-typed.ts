import { useEffect, useState } from 'react'

/** What is being typed, told after a pause of so many milliseconds; cleared, it is told at once. */
export function useTyped(value: string, onChange: (text: string) => void, pause: number) {
  const [text, setText] = useState(value)
  useEffect(() => {
    if (text.trim() === value) return
    const timer = window.setTimeout(() => onChange(text.trim()), pause)
    return () => window.clearTimeout(timer)
  }, [text, value, onChange, pause])
  const clear = () => {
    setText('')
    onChange('')
  }
  return { text, setText, clear }
}
