// Tells somebody who does not look that a person is needed: a guest waits for the team, or a colleague called them in a
// note. A sound and the browser's own notification, as each person wants it on their own machine.
import type { Body } from './events'

export type AlertSettings = { sound: boolean; browser: boolean }

const key = 'botreserva.alerts'

export function alertSettings(): AlertSettings {
  try {
    return { sound: true, browser: false, ...(JSON.parse(localStorage.getItem(key) ?? '{}') as Partial<AlertSettings>) }
  } catch {
    return { sound: true, browser: false }
  }
}

/** Keeps what somebody wants. For the browser's notifications it is asked first, on the click that wants them. */
export async function chooseAlerts(s: AlertSettings): Promise<AlertSettings> {
  const may = !s.browser || ('Notification' in window && (await Notification.requestPermission()) === 'granted')
  const kept = { ...s, browser: s.browser && may }
  localStorage.setItem(key, JSON.stringify(kept))
  return kept
}

export type Alert = { kind: 'escalation' | 'mention' | 'window'; conversation: string; guest: string; words: string }

/** What an event is to whom it concerns, if anything. Pure. */
export function alertOf(name: string, body: Body, me: string): Alert | undefined {
  const conversation = body.conversation?.id ?? body.conversationId ?? ''
  const guest = body.conversation?.contact.name ?? ''
  if (name === 'escalation:new') return { kind: 'escalation', conversation, guest, words: '' }
  if (name === 'window:closing' && (body.conversation?.assignedToId === me || body.conversation?.assignedToId === null)) return { kind: 'window', conversation, guest, words: '' }
  const notice = body.message?.metadata.notice
  if (name === 'message:new' && notice?.type === 'note' && notice.mentions?.includes(me)) return { kind: 'mention', conversation, guest, words: body.message?.content ?? '' }
  return undefined
}

/** Two short tones, made by the browser: no file has to be there. */
export function ring() {
  const context = new AudioContext()
  const tone = (at: number, pitch: number) => {
    const wave = context.createOscillator()
    const volume = context.createGain()
    wave.frequency.value = pitch
    volume.gain.setValueAtTime(0.0001, context.currentTime + at)
    volume.gain.exponentialRampToValueAtTime(0.2, context.currentTime + at + 0.02)
    volume.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + at + 0.25)
    wave.connect(volume).connect(context.destination)
    wave.start(context.currentTime + at)
    wave.stop(context.currentTime + at + 0.3)
  }
  tone(0, 880)
  tone(0.18, 1174)
  setTimeout(() => void context.close(), 1000)
}
