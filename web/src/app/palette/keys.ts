/** The keys of the desk. They work while nobody is typing and nothing lies over the desk. */
export const shortcuts = {
  next: 'j', previous: 'k', search: '/', reply: 'r', note: 'n', takeOver: 't', handBack: 'b', close: 'e', guest: 'i', board: 'v', help: '?',
} as const

export type Shortcut = keyof typeof shortcuts

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'defaultPrevented' | 'target'>

/** Which shortcut was pressed, if any. */
export function shortcutOf(e: Pressed, isCovered: boolean): Shortcut | undefined {
  if (e.defaultPrevented || e.ctrlKey || e.metaKey || e.altKey || isCovered || isTyping(e.target)) return undefined
  return (Object.keys(shortcuts) as Shortcut[]).find((name) => shortcuts[name] === e.key.toLowerCase())
}

export const isPaletteKey = (e: Pressed) => (e.ctrlKey || e.metaKey) && !e.altKey && e.key.toLowerCase() === 'k'

function isTyping(target: EventTarget | null): boolean {
  const name = (target as HTMLElement | null)?.tagName
  return name === 'INPUT' || name === 'TEXTAREA' || name === 'SELECT' || (target as HTMLElement | null)?.isContentEditable === true
}

/** The conversation beside another in a list; from none one goes to the first. */
export function neighbour(ids: string[], from: string | undefined, step: 1 | -1): string | undefined {
  const at = from === undefined ? -1 : ids.indexOf(from)
  if (at < 0) return ids[0]
  return ids[at + step] ?? ids[at]
}
