import { Check } from 'lucide-react'
import { useState } from 'react'
import type { TagItem } from '@/api/page-types'
import { Form, TextField } from '@/components/page/form'
import { useChange } from '@/components/page/use-change'
import { wrongFields } from '@/components/page/use-page-error'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { pageTexts, teamTexts } from '@/lib/i18n/areas'

const first = '#2f5f9e'

export function TagDialog({ tag, onClose }: { tag: TagItem | undefined; onClose: () => void }) {
  const p = useTexts(pageTexts)
  const { tags: t } = useTexts(teamTexts)
  const [name, setName] = useState(tag?.name ?? '')
  const [color, setColor] = useState(tag?.color.toLowerCase() ?? first)
  const save = useChange(['tags'], p.saved, onClose)
  const submit = () => save.mutate({ method: tag ? 'PATCH' : 'POST', path: tag ? `/api/tags/${tag.id}` : '/api/tags', body: { name: name.trim(), color } })
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={tag ? t.edit : t.add}>
      <Form error={save.error} busy={save.isPending} onSubmit={submit} onCancel={onClose}>
        <TextField label={t.name} required maxLength={50} autoFocus value={name} wrong={wrongFields(save.error).has('name')} onChange={(e) => setName(e.target.value)} />
        <Colours value={color} onChange={setColor} />
      </Form>
    </Dialog>
  )
}

function Colours({ value, onChange }: { value: string; onChange: (color: string) => void }) {
  const { tags: t } = useTexts(teamTexts)
  return (
    <fieldset>
      <legend className="mb-1.5 font-medium">{t.color}</legend>
      <div className="flex flex-wrap items-center gap-2">
        {Object.entries(t.colors).map(([color, name]) => (
          <label key={color} title={name} className="relative size-8 cursor-pointer rounded-full has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-focus" style={{ backgroundColor: color, color: '#fff' }}>
            <input type="radio" name="color" className="sr-only" aria-label={name} checked={value === color} onChange={() => onChange(color)} />
            {value === color && <Check aria-hidden="true" className="absolute inset-1.5 size-5" />}
          </label>
        ))}
        <label className="flex items-center gap-2 text-soft"><input type="color" value={value} onChange={(e) => onChange(e.target.value)} className="h-8 w-10 rounded border border-line bg-paper" />{t.otherColor}</label>
      </div>
    </fieldset>
  )
}
