import { ShoppingBag } from 'lucide-react'
import type { Message } from '@/api/types'
import { useI18n } from '@/lib/i18n/i18n'

/** What the guest put into the basket of the hotel's catalogue, as their phone says it. */
export function Order({ order }: { order: NonNullable<Message['metadata']['order']> }) {
  const { t } = useI18n()
  const items = order.items ?? []
  return (
    <div className="min-w-52">
      <p className="flex items-center gap-2 font-medium"><ShoppingBag className="size-4" />{t.bubble.order}: {t.bubble.items(items.length + (order.more ?? 0))}</p>
      <ul className="tabular mt-1 text-small">
        {items.map((item) => (
          <li key={item.productId} className="flex justify-between gap-4 border-t border-line py-0.5"><span>{item.quantity ?? 1} × {item.productId}</span>{item.price && <span>{item.currency} {item.price}</span>}</li>
        ))}
      </ul>
      {order.text && <p className="mt-1 break-words whitespace-pre-wrap">{order.text}</p>}
    </div>
  )
}
