import { Link } from '@tanstack/react-router'
import { PageTitle } from '../ui/page-title.tsx'

export function NotFoundPage() {
  return (
    <main>
      <PageTitle title="There is no such page" />
      <p>
        The address may be mistyped. <Link to="/">Go to the overview</Link>
      </p>
    </main>
  )
}
