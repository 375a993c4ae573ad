// What of the composer is fetched only by who uses it: the desk must start without it.
import { lazy } from 'react'

export const EmojiPicker = lazy(() => import('./emoji-picker').then((m) => ({ default: m.EmojiPicker })))
export const Recorder = lazy(() => import('./recorder').then((m) => ({ default: m.Recorder })))
export const ScheduleDialog = lazy(() => import('./schedule-dialog').then((m) => ({ default: m.ScheduleDialog })))
export const TemplatePicker = lazy(() => import('./template-picker').then((m) => ({ default: m.TemplatePicker })))
