import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useId, useState } from 'react'
import { call } from '@/api/client'
import type { ImportOutcome, ImportPreview } from '@/api/page-types'
import { Refusal } from '@/components/page/form'
import { Button } from '@/components/ui/button'
import { Dialog } from '@/components/ui/dialog'
import { useTexts } from '@/lib/i18n/area'
import { contactTexts } from '@/lib/i18n/areas'
import { useI18n } from '@/lib/i18n/i18n'
import { ImportCounts, ImportErrors } from './import-result'

const send = <T,>(path: string) => ({ mutationFn: (file: File) => {
  const body = new FormData()
  body.set('file', file)
  return call<T>(path, { method: 'POST', body })
} })

/** A file of contacts: chosen, looked at before anything happens, then taken in. */
export function ImportDialog({ onClose }: { onClose: () => void }) {
  const { importing: c } = useTexts(contactTexts)
  const { t } = useI18n()
  const client = useQueryClient()
  const [file, setFile] = useState<File>()
  const preview = useMutation(send<ImportPreview>('/api/contacts/import/preview'))
  const run = useMutation({ ...send<ImportOutcome>('/api/contacts/import'), onSuccess: () => void client.invalidateQueries({ queryKey: ['page', 'contacts'] }) })
  const choose = (chosen: File | undefined) => {
    setFile(chosen)
    run.reset()
    if (chosen) preview.mutate(chosen)
    else preview.reset()
  }
  const shown = run.data ?? preview.data
  const count = (preview.data?.counts.created ?? 0) + (preview.data?.counts.updated ?? 0)
  return (
    <Dialog open wide onOpenChange={(open) => !open && !run.isPending && onClose()} title={c.title} lead={c.lead}>
      <div className="flex flex-col gap-4">
        {!run.data && <FileChoice onChoose={choose} disabled={run.isPending} />}
        {(preview.isPending || run.isPending) && <p role="status" className="flex items-center gap-2 text-soft"><span aria-hidden="true" className="size-4 animate-spin rounded-full border-2 border-line-strong border-t-brand" />{run.isPending ? c.working : c.checking}</p>}
        <Refusal error={run.error ?? preview.error} />
        {shown && <>
          <h3 className="font-semibold">{run.data ? c.done : c.ready}</h3>
          <ImportCounts counts={shown.counts} />
          {shown.unknownColumns.length > 0 && <p className="text-soft">{c.unknown(shown.unknownColumns.join(', '))}</p>}
          <ImportErrors errors={shown.errors} />
        </>}
        <div className="flex justify-end gap-2">
          {run.data
            ? <><Button onClick={() => choose(undefined)}>{c.another}</Button><Button look="primary" onClick={onClose}>{t.close}</Button></>
            : <>
                <Button look="quiet" disabled={run.isPending} onClick={onClose}>{t.cancel}</Button>
                <Button look="primary" busy={run.isPending} disabled={!file || count === 0} onClick={() => file && run.mutate(file)}>{preview.data && count === 0 ? c.nothing : c.go(count)}</Button>
              </>}
        </div>
      </div>
    </Dialog>
  )
}

function FileChoice({ onChoose, disabled }: { onChoose: (f: File | undefined) => void; disabled: boolean }) {
  const { importing: c } = useTexts(contactTexts)
  const id = useId()
  return (
    <div className="flex flex-col gap-1">
      <label htmlFor={id} className="font-medium">{c.file}</label>
      <input
        id={id} type="file" accept=".csv,text/csv" disabled={disabled} onChange={(e) => onChoose(e.target.files?.[0])}
        className="rounded-control border border-dashed border-line-strong p-3 file:mr-3 file:rounded-control file:border file:border-line file:bg-paper file:px-3 file:py-1.5 file:font-medium file:text-ink"
      />
    </div>
  )
}
