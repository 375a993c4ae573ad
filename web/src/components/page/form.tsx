import { useId, type FormEvent, type InputHTMLAttributes, type ReactNode, type SelectHTMLAttributes, type TextareaHTMLAttributes } from 'react'
import { Button } from '@/components/ui/button'
import { cx } from '@/lib/cx'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { usePageError } from './use-page-error'

const box = 'w-full rounded-control border bg-paper px-3 text-ink outline-offset-0 disabled:bg-ground disabled:text-soft'
type Common = { label: string; hint?: ReactNode; wrong?: boolean | undefined; after?: ReactNode }

/** A control with its name above, and below what helps to fill it in or that it is wrong. */
function Labelled({ id, label, hint, wrong, children }: Common & { id: string; children: ReactNode }) {
  const p = useTexts(pageTexts)
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <label htmlFor={id} className="font-medium">{label}</label>
      {children}
      {wrong ? <p id={`${id}-hint`} className="text-small text-danger">{p.fieldWrong}</p> : hint && <div id={`${id}-hint`} className="text-small text-soft">{hint}</div>}
    </div>
  )
}

const marks = (id: string, c: Common) => ({ id, 'aria-invalid': c.wrong || undefined, 'aria-describedby': c.wrong || c.hint ? `${id}-hint` : undefined })
const edge = (wrong?: boolean) => (wrong ? 'border-danger' : 'border-line-strong')

export function TextField({ label, hint, wrong, after, className, ...rest }: InputHTMLAttributes<HTMLInputElement> & Common) {
  const id = useId()
  return (
    <Labelled id={id} label={label} hint={hint} wrong={wrong}>
      <div className="flex items-center gap-2"><input {...rest} {...marks(id, { label, hint, wrong })} className={cx(box, 'h-10', edge(wrong), className)} />{after}</div>
    </Labelled>
  )
}

export function TextArea({ label, hint, wrong, className, rows = 4, ...rest }: TextareaHTMLAttributes<HTMLTextAreaElement> & Common) {
  const id = useId()
  return <Labelled id={id} label={label} hint={hint} wrong={wrong}><textarea {...rest} {...marks(id, { label, hint, wrong })} rows={rows} className={cx(box, 'py-2', edge(wrong), className)} /></Labelled>
}

export function SelectField({ label, hint, wrong, className, children, ...rest }: SelectHTMLAttributes<HTMLSelectElement> & Common) {
  const id = useId()
  return <Labelled id={id} label={label} hint={hint} wrong={wrong}><select {...rest} {...marks(id, { label, hint, wrong })} className={cx(box, 'h-10', edge(wrong), className)}>{children}</select></Labelled>
}

/** Something that is on or off. */
export function SwitchField({ label, hint, checked, onChange, disabled }: { label: string; hint?: ReactNode; checked: boolean; onChange: (on: boolean) => void; disabled?: boolean }) {
  const id = useId()
  return (
    <div className="flex items-start gap-3">
      <input id={id} type="checkbox" role="switch" checked={checked} disabled={disabled} aria-describedby={hint ? `${id}-hint` : undefined} onChange={(e) => onChange(e.target.checked)} className="peer sr-only" />
      <label
        htmlFor={id}
        className="relative order-last flex-1 cursor-pointer pl-14 font-medium before:absolute before:top-0 before:left-0 before:h-6 before:w-10 before:rounded-full before:bg-line-strong before:transition-colors after:absolute after:top-1 after:left-1 after:size-4 after:rounded-full after:bg-paper after:transition-transform peer-checked:before:bg-brand peer-checked:after:translate-x-4 peer-focus-visible:before:outline-2 peer-focus-visible:before:outline-offset-2 peer-focus-visible:before:outline-focus peer-disabled:opacity-60"
      >
        {label}
        {hint && <span id={`${id}-hint`} className="block font-normal text-soft">{hint}</span>}
      </label>
    </div>
  )
}

type FormProps = { error: unknown; busy: boolean; onSubmit: () => void; onCancel?: () => void; submit?: string; disabled?: boolean; children: ReactNode }

/** Fields, why they were refused, and the way to send them. */
export function Form({ error, busy, onSubmit, onCancel, submit, disabled, children }: FormProps) {
  const { t } = useI18n()
  const p = useTexts(pageTexts)
  return (
    <form className="flex flex-col gap-4" onSubmit={(e: FormEvent) => { e.preventDefault(); onSubmit() }}>
      {children}
      <Refusal error={error} />
      <div className="flex flex-wrap justify-end gap-2">
        {onCancel && <Button look="quiet" onClick={onCancel}>{t.cancel}</Button>}
        <Button type="submit" look="primary" busy={busy} disabled={disabled}>{submit ?? p.save}</Button>
      </div>
    </form>
  )
}

export function Refusal({ error }: { error: unknown }) {
  const textOf = usePageError()
  return error ? <p role="alert" className="rounded-control bg-danger-soft px-3 py-2 text-danger">{textOf(error)}</p> : null
}
