import { ApiError, call } from '@/api/client'
import { upload } from '@/api/upload'
import type { Message } from '@/api/types'
import { fileOf } from './kept'
import type { Filed, Outgoing, Said } from './outgoing'

type News = { onProgress: (part: number) => void; onUploaded: (said: Said) => void }

/** Posts what is being sent. A file is uploaded first, and only once. */
export async function post(o: Outgoing, signal: AbortSignal, news: News): Promise<Message> {
  const to = `/api/conversations/${o.conversationId}`
  const same = { clientId: o.clientId, ...(o.replyTo && { replyTo: o.replyTo.id }) }
  switch (o.said.kind) {
    case 'text':
      return call<Message>(`${to}/messages`, { method: 'POST', body: { content: o.said.content, type: 'TEXT', ...same } })
    case 'note':
      return call<Message>(`${to}/notes`, { method: 'POST', body: { text: o.said.content, mentions: o.said.mentions, clientId: o.clientId } })
    case 'file': {
      const said = await uploaded(o.clientId, o.said, signal, news)
      const words = { ...(said.caption !== '' && { caption: said.caption }), ...(said.as === 'DOCUMENT' && { filename: said.name }) }
      return call<Message>(`${to}/messages/media`, { method: 'POST', body: { type: said.as, mediaId: said.mediaId, ...words, ...same } })
    }
  }
}

async function uploaded(clientId: string, said: Filed, signal: AbortSignal, news: News): Promise<Filed> {
  if (said.mediaId !== undefined) return said
  const file = await fileOf(clientId)
  if (file === undefined) throw new ApiError('file_gone', 400)
  const kept = await upload(file, said.name, { signal, voice: said.as === 'VOICE', onProgress: news.onProgress })
  const known = { ...said, mediaId: kept.id }
  news.onUploaded(known)
  return known
}
