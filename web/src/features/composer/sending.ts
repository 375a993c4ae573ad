import type { Quote } from '@/api/types'
import { send } from '@/outgoing/outgoing'
import { isReady, readyOf, type Attached } from './attached'
import { leaving } from './files'
import type { Mode } from './writer'

export const isSendable = (text: string, files: Attached[]) => (text.trim() !== '' || files.length > 0) && isReady(files)

/** Sends what was written and attached; only the first message quotes. */
export function go(conversation: string, mode: Mode, text: string, files: Attached[], reply: Quote | undefined, mentions: string[]) {
  const words = text.trim()
  if (mode === 'note') return send(conversation, { kind: 'note', content: words, mentions })
  leaving(words, readyOf(files)).forEach(({ said, file }, i) => send(conversation, said, { ...(file && { file }), replyTo: i === 0 ? reply : undefined }))
}
