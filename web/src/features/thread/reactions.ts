import type { Message } from '@/api/types'

/** What the hotel put on messages, by WhatsApp's id of the message: a message of its own, the last one counts. Pure. */
export function ownReactions(messages: Message[]): Map<string, string> {
  const last = new Map<string, string>()
  for (const m of messages) {
    if (m.type !== 'REACTION' || m.direction !== 'OUTBOUND' || m.status === 'FAILED' || !m.metadata.reaction) continue
    last.set(m.metadata.reaction.messageId, m.metadata.reaction.emoji)
  }
  return last
}

/** The emoji under a message: the guest's, and the hotel's as it stands now. */
export function reactionsTo(m: Message, own: Map<string, string>): { emoji: string; isOurs: boolean }[] {
  const known = (m.metadata.reactions ?? []).map((r) => ({ emoji: r.emoji, isOurs: r.by === 'PERSON' }))
  const ours = own.get(m.externalMessageId ?? '')
  if (ours === undefined) return known
  const others = known.filter((r) => !r.isOurs)
  return ours === '' ? others : [...others, { emoji: ours, isOurs: true }]
}
