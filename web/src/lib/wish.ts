// What somebody wishes by keyboard of a part of the screen that another part does not know: whoever can, grants it.
export type Wish = 'reply' | 'note' | 'search' | 'handBack' | 'close'

const granters = new Set<(w: Wish) => void>()

export const wish = (w: Wish) => granters.forEach((grant) => grant(w))

export function onWish(grant: (w: Wish) => void): () => void {
  granters.add(grant)
  return () => void granters.delete(grant)
}
