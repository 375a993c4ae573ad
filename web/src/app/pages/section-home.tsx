import { Navigate } from '@tanstack/react-router'
import { usePerson } from '@/components/person'
import { sectionFor } from '../sections'

/** The first page of the management that the person opens. */
export function ManageHome() {
  const first = sectionFor(usePerson().role)[0]?.pages[0]
  return first ? <Navigate to={first.to} replace /> : null
}
