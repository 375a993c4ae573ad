import type { DeskTexts } from './pt'

export const en: DeskTexts = {
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
