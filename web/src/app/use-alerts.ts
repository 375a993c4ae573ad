import { useNavigate } from '@tanstack/react-router'
import { useEffect, useEffectEvent } from 'react'
import { toast } from '@/components/ui/toast'
import { useI18n } from '@/lib/i18n/i18n'
import { alertOf, alertSettings, ring } from '@/realtime/alerts'
import type { Body } from '@/realtime/events'
import { withSocket } from '@/realtime/socket'

const names = ['escalation:new', 'message:new', 'window:closing']

/** Alerts the person to what needs one: a toast while they look, the browser's notification while they do not. */
export function useAlerts(me: string) {
  const { t } = useI18n()
  const navigate = useNavigate()
  const hear = useEffectEvent((name: string, body: Body) => {
    const alert = alertOf(name, body, me)
    if (!alert) return
    const wanted = alertSettings()
    const text = t.alerts[alert.kind](alert.guest)
    const open = () => void navigate({ to: '/conversas/$conversation', params: { conversation: alert.conversation } })
    if (wanted.sound) ring()
    toast(text, 'done', { label: t.alerts.open, run: open })
    if (!wanted.browser || document.visibilityState === 'visible' || !('Notification' in window) || Notification.permission !== 'granted') return
    const shown = new Notification(text, { body: alert.words, tag: alert.conversation, icon: '/icon.svg' })
    shown.onclick = () => {
      window.focus()
      open()
      shown.close()
    }
  })
  useEffect(() => withSocket((socket) => {
    const heard = names.map((name) => [name, (body: Body) => hear(name, body)] as const)
    heard.forEach(([name, listen]) => socket.on(name, listen))
    return () => heard.forEach(([name, listen]) => socket.off(name, listen))
  }), [])
}
