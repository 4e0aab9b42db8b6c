import { Link } from '@tanstack/react-router'
import { Empty } from '../ui/empty.tsx'
import { PageHead } from '../ui/page-head.tsx'

export function NotFoundPage() {
  return (
    <>
      <PageHead title="There is no such page" />
      <Empty title="The address may be mistyped">
        <Link to="/">Go to the overview</Link>
      </Empty>
    </>
  )
}
