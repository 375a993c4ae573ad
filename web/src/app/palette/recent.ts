// The conversations that were looked at last, in this tab.
const key = 'botreserva.recent'
const most = 8

export function recent(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(key) ?? '[]')
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

export const noteRecent = (id: string) => sessionStorage.setItem(key, JSON.stringify([id, ...recent().filter((other) => other !== id)].slice(0, most)))
