import { Navigate } from '@tanstack/react-router'
import { usePerson } from '@/components/person'
import { sectionFor } from '../sections'

const Home = ({ area }: { area: 'manage' | 'platform' }) => {
  const first = sectionFor(area, usePerson().role)[0]?.pages[0]
  return first ? <Navigate to={first.to} replace /> : null
}

export const ManageHome = () => <Home area="manage" />
export const PlatformHome = () => <Home area="platform" />
