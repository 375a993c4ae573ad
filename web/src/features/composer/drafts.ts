// What somebody began to write stays with its conversation, also after the page was left.
const key = (conversation: string) => `botreserva.draft.${conversation}`

export const draftOf = (conversation: string) => localStorage.getItem(key(conversation)) ?? ''

export function keepDraft(conversation: string, text: string) {
  if (text.trim() === '') localStorage.removeItem(key(conversation))
  else localStorage.setItem(key(conversation), text)
}

/** Forgets all drafts: they hold guests' matters, and the next person at this screen may be another. */
export function forgetDrafts() {
  Object.keys(localStorage).filter((k) => k.startsWith(key(''))).forEach((k) => localStorage.removeItem(k))
}
