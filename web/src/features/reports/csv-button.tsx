import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { download } from '@/api/page'
import { usePageError } from '@/components/page/use-page-error'
import { Button } from '@/components/ui/button'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { reportTexts } from '@/lib/i18n/areas'
import { addressOf, type Asked } from './asked'

/** A report as a table for a spreadsheet. */
export function CsvButton({ report, name, asked }: { report: string; name: string; asked: Asked }) {
  const { csv, csvOf } = useTexts(reportTexts)
  const textOf = usePageError()
  const get = useMutation({ mutationFn: () => download(addressOf(report, asked, { format: 'csv' }), `${report}.csv`), onError: (e) => toast(textOf(e), 'failed') })
  return <Button className="h-8" aria-label={csvOf(name)} busy={get.isPending} onClick={() => get.mutate()}><Download className="size-4" />{csv}</Button>
}
