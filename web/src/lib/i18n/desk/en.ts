import type { DeskTexts } from './pt'

export const en: DeskTexts = {
  undo: 'Undo',
  board: {
    title: 'Board of conversations',
    help: 'Space lifts the focused card, arrows choose a column, Space puts it down, Esc leaves it.',
    lifted: (column) => `Card lifted. Column: ${column}`,
    moved: (name, column) => `${name}: ${column}`,
    inColumn: 'Conversations in this column',
    empty: 'No conversation',
  },
  filter: {
    who: 'Assigned to',
    anybody: 'Anybody',
    me: 'Me',
    nobody: 'Nobody',
    goingOn: 'Going on',
    any: 'Any',
    sort: 'Order',
    recent: 'Newest first',
    oldest: 'Oldest first',
    unread: 'Unread',
    saved: 'Saved filters',
    save: 'Save filter',
    keep: 'Save',
    name: 'Name of the filter',
    forget: (name) => `Delete filter ${name}`,
    clear: 'Clear all',
  },
}
