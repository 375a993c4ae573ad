import { cx } from '@/lib/cx'

// Colours on which white letters can be read; a name always gets the same.
const tones = ['#0f6b6b', '#7a4a12', '#5b4a9e', '#8c2f57', '#2f5f9e', '#3f6b22', '#9a3d21', '#4f5d66']

function toneOf(name: string): string {
  let sum = 0
  for (const c of name) sum = (sum * 31 + (c.codePointAt(0) ?? 0)) >>> 0
  return tones[sum % tones.length] ?? '#4f5d66'
}

function initials(name: string): string {
  const words = name.split(/\s+/).filter((w) => /^\p{L}/u.test(w))
  const first = words[0]?.[0] ?? '#'
  const last = words.length > 1 ? words[words.length - 1]?.[0] ?? '' : ''
  return (first + last).toUpperCase()
}

/** A person's initials, or picture. It says nothing aloud: the name stands beside it. */
export function Avatar({ name, picture, size = 40, className }: { name: string; picture?: string | null | undefined; size?: number; className?: string }) {
  if (picture) return <img src={picture} alt="" width={size} height={size} className={cx('shrink-0 rounded-full object-cover', className)} />
  return (
    <span
      aria-hidden="true"
      style={{ width: size, height: size, backgroundColor: toneOf(name), fontSize: size * 0.36, color: '#fff' }}
      className={cx('inline-flex shrink-0 items-center justify-center rounded-full font-semibold select-none', className)}
    >
      {initials(name)}
    </span>
  )
}
