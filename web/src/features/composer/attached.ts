import { useCallback, useState } from 'react'
import type { FileKind } from '@/outgoing/outgoing'
import { canBeFitted, fitted, judge, type Ready, type Verdict } from './files'

export type Attached = { key: string; file: File; verdict: Verdict; preview: string | undefined; busy: boolean }

// Files stay with their conversation while somebody looks at another.
const kept = new Map<string, Attached[]>()

/** The files that go with the next message of a conversation. */
export function useAttached(conversation: string) {
  const [files, setFiles] = useState<Attached[]>(() => kept.get(conversation) ?? [])
  const change = useCallback((next: (all: Attached[]) => Attached[]) => setFiles((all) => {
    const made = next(all)
    kept.set(conversation, made)
    return made
  }), [conversation])
  const add = useCallback((added: Iterable<File>) => {
    for (const file of added) {
      const one = attachedOf(file)
      change((all) => [...all, one])
      if (one.busy) void fitted(file).then((made) => change((all) => all.map((other) => (other.key === one.key ? { ...attachedOf(made), key: one.key, busy: false } : other))))
    }
  }, [change])
  const remove = useCallback((key: string) => change((all) => all.filter((one) => one.key !== key)), [change])
  const clear = useCallback(() => change(() => []), [change])
  return { files, add, remove, clear }
}

function attachedOf(file: File): Attached {
  const shows = file.type.startsWith('image/') || file.type.startsWith('video/')
  return { key: crypto.randomUUID(), file, verdict: judge(file), preview: shows ? URL.createObjectURL(file) : undefined, busy: canBeFitted(file) }
}

export function readyOf(files: Attached[]): Ready[] {
  return files.flatMap(({ file, verdict }) => ('as' in verdict ? [{ file, as: verdict.as satisfies FileKind }] : []))
}

export const isReady = (files: Attached[]) => files.every((f) => !f.busy && 'as' in f.verdict)
