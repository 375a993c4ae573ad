import type { ThreadTexts } from './pt'

export const en: ThreadTexts = {
  emoji: {
    recent: 'Recent', smileys: 'Faces and hearts', gestures: 'Gestures and people', travel: 'Hotel and travel', food: 'Food and drink', nature: 'Nature and weather',
    things: 'Things', signs: 'Signs',
  },
  voice: {
    label: 'Voice recording',
    refused: 'The browser gave no access to the microphone. Allow the microphone for this address and try again.',
    discard: 'Discard recording',
    stop: 'Stop recording',
    hear: 'Listen to the recording',
    send: 'Send voice message',
  },
  schedule: {
    title: 'Schedule message',
    when: 'When to send',
    inAnHour: 'In an hour',
    tomorrow: 'Tomorrow at 9:00',
    monday: 'Monday at 9:00',
    past: 'Choose a moment that is yet to come.',
    needsGuest: 'By then the 24-hour window will be closed. The message only leaves if the guest writes before.',
    submit: 'Schedule',
    done: (when: string) => `Message scheduled for ${when}.`,
  },
  template: {
    title: 'Send a template',
    search: 'Search templates',
    none: 'No approved template.',
    noneFound: 'No template says this.',
    back: 'Other templates',
    preview: 'What the guest will read',
    gap: (name: string) => `Text for ${name}`,
    suffix: (name: string) => `End of the link of the button “${name}”`,
    code: (name: string) => `Code of the button “${name}”`,
    file: { image: 'Photo of the header', video: 'Video of the header', document: 'Document of the header' },
    chooseFile: 'Choose a file',
    uploading: 'Uploading file…',
    cannotFill: 'This template asks for something that cannot be filled in here yet (a place, a catalogue or a carousel).',
    example: (text: string) => `Example: ${text}`,
    send: 'Send template',
  },
}
