import { useState, type KeyboardEvent } from 'react'
import { beside, isColumn, type Column } from './columns'

export type Lift = { id: string; from: Column; over: Column }

/** Moving cards by keyboard: Space lifts the card that has the focus, arrows choose a column, Space or Enter puts it
 * down, Escape leaves it where it was. */
export function useLift(onDrop: (id: string, column: Column) => void) {
  const [lift, setLift] = useState<Lift>()
  const onKeyDown = (e: KeyboardEvent<HTMLElement>) => {
    const target = (e.target as HTMLElement).closest<HTMLElement>('[data-card]')
    const id = target?.dataset.card
    const column = target?.closest<HTMLElement>('[data-column]')?.dataset.column
    if (id === undefined || !isColumn(column)) return
    if (!lift) {
      if (e.key !== ' ') return
      e.preventDefault()
      return setLift({ id, from: column, over: column })
    }
    e.preventDefault()
    e.stopPropagation()
    if (e.key === ' ' || e.key === 'Enter') onDrop(lift.id, lift.over)
    if (e.key === ' ' || e.key === 'Enter' || e.key === 'Escape' || e.key === 'Tab') return setLift(undefined)
    setLift({ ...lift, over: beside(lift.over, e.key) })
  }
  return { lift, onKeyDown, onBlur: () => setLift(undefined) }
}
