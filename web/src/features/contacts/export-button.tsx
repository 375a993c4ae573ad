import { useMutation } from '@tanstack/react-query'
import { Download } from 'lucide-react'
import { download, withParams } from '@/api/page'
import { usePageError } from '@/components/page/use-page-error'
import { Button } from '@/components/ui/button'
import { Menu, MenuItem } from '@/components/ui/menu'
import { toast } from '@/components/ui/toast'
import { useTexts } from '@/lib/i18n/area'
import { contactTexts } from '@/lib/i18n/areas'

/** The contacts that the search finds, as a file. */
export function ExportButton({ search }: { search: string }) {
  const c = useTexts(contactTexts)
  const textOf = usePageError()
  const get = useMutation({
    mutationFn: (format: string) => download(withParams('/api/contacts/export', { format, search }), `contatos.${format}`),
    onError: (e) => toast(textOf(e), 'failed'),
  })
  return (
    <Menu trigger={<Button busy={get.isPending}><Download className="size-4" />{get.isPending ? c.exporting : c.exportAs}</Button>}>
      <MenuItem onClick={() => get.mutate('xlsx')}>Excel (XLSX)</MenuItem>
      <MenuItem onClick={() => get.mutate('csv')}>CSV</MenuItem>
    </Menu>
  )
}
