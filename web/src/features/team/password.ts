const letters = 'abcdefghijkmnpqrstuvwxyz23456789' // none that are mistaken for another; 32, so that each is as likely

/** A password that can be told over the phone: four groups of four. */
export function madeUpPassword(): string {
  const random = crypto.getRandomValues(new Uint8Array(16))
  return [...random].map((x, i) => (i > 0 && i % 4 === 0 ? '-' : '') + letters[x % 32]).join('')
}
