// What waits to be sent, over a reload of the tab: the list in the tab's own storage, so that two tabs do not send the
// same, files in the browser's database. Files are also held in memory: most are sent before anybody reloads.
import type { Outgoing } from './outgoing'

const key = (me: string) => `botreserva.outgoing.${me}`

export function keepList(me: string, list: Outgoing[]) {
  if (list.length === 0) sessionStorage.removeItem(key(me))
  else sessionStorage.setItem(key(me), JSON.stringify(list.map(({ progress: _, ...o }) => o)))
}

export function keptList(me: string): Outgoing[] {
  try {
    return JSON.parse(sessionStorage.getItem(key(me)) ?? '[]') as Outgoing[]
  } catch {
    return []
  }
}

/** Forgets what waits, of everybody: somebody signed out. */
export function forgetOutgoing() {
  Object.keys(sessionStorage).filter((k) => k.startsWith(key(''))).forEach((k) => sessionStorage.removeItem(k))
  held.clear()
  previews.forEach((address) => URL.revokeObjectURL(address))
  previews.clear()
  void inStore('readwrite', (store) => store.clear())
}

const held = new Map<string, Blob>()
const previews = new Map<string, string>()

export function keepFile(clientId: string, file: Blob) {
  held.set(clientId, file)
  void inStore('readwrite', (store) => store.put(file, clientId))
}

export async function fileOf(clientId: string): Promise<Blob | undefined> {
  const file = held.get(clientId) ?? (await inStore<Blob | undefined>('readonly', (store) => store.get(clientId)))
  if (file) held.set(clientId, file)
  return file
}

/** The address under which this page can show a file that is being sent. */
export function previewOf(clientId: string): string | undefined {
  const file = held.get(clientId)
  const known = previews.get(clientId)
  if (known !== undefined || file === undefined) return known
  const made = URL.createObjectURL(file)
  previews.set(clientId, made)
  return made
}

export function forgetFile(clientId: string) {
  if (!held.delete(clientId)) return
  void inStore('readwrite', (store) => store.delete(clientId))
  // The bubble still shows the preview until it has the server's file.
  const address = previews.get(clientId)
  previews.delete(clientId)
  if (address !== undefined) setTimeout(() => URL.revokeObjectURL(address), 60_000)
}

let opened: Promise<IDBDatabase> | undefined

function database(): Promise<IDBDatabase> {
  opened ??= new Promise((resolve, reject) => {
    const opening = indexedDB.open('botreserva', 1)
    opening.onupgradeneeded = () => opening.result.createObjectStore('outgoing')
    opening.onsuccess = () => resolve(opening.result)
    opening.onerror = () => reject(opening.error ?? new Error('no database'))
  })
  return opened
}

/** Does something with the files. A browser without its database (private windows) only forgets them at a reload. */
async function inStore<T>(mode: IDBTransactionMode, work: (store: IDBObjectStore) => IDBRequest): Promise<T | undefined> {
  try {
    const db = await database()
    return await new Promise((resolve, reject) => {
      const asked = work(db.transaction('outgoing', mode).objectStore('outgoing'))
      asked.onsuccess = () => resolve(asked.result as T)
      asked.onerror = () => reject(asked.error ?? new Error('not kept'))
    })
  } catch {
    return undefined
  }
}
