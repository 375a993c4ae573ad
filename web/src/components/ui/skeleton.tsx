import { cx } from '@/lib/cx'

/** Where something is about to be. */
export const Skeleton = ({ className }: { className?: string }) => <span aria-hidden="true" className={cx('block animate-pulse rounded bg-ground', className)} />
