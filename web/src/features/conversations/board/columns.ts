import type { Conversation } from '@/api/types'

/** The columns of the board, from left to right. */
export const columns = ['BOT_HANDLING', 'OPEN', 'IN_PROGRESS', 'WAITING', 'CLOSED'] as const
export type Column = (typeof columns)[number]

export const isColumn = (text: string | undefined): text is Column => columns.some((c) => c === text)

/** The column beside another; the last ones have none beyond. */
export function beside(column: Column, key: string): Column {
  const at = columns.indexOf(column)
  const to = key === 'ArrowRight' ? at + 1 : key === 'ArrowLeft' ? at - 1 : at
  return columns[Math.min(columns.length - 1, Math.max(0, to))] ?? column
}

/** How many a column has: what was fetched, if that is all, else what the server counted, else "so many and more". */
export function countText(fetched: number, hasMore: boolean, counted: number | undefined, number: (x: number) => string): string {
  if (!hasMore) return number(fetched)
  return counted === undefined ? `${number(fetched)}+` : number(counted)
}

/** A card as it is once it lies in another column. */
export const movedTo = (c: Conversation, status: Column): Conversation => ({ ...c, status })
