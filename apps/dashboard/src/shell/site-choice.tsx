import { useNavigate } from '@tanstack/react-router'
import { rememberSite, useSession, useSite } from '../session/session.ts'
import { HiddenText } from '../ui/hidden-text.tsx'
import styles from './choice.module.css'

/** Selects the current site. A detail page belongs to one site, so another site opens the overview. */
export function SiteChoice() {
  const { sites } = useSession()
  const site = useSite()
  const navigate = useNavigate()
  if (sites.length < 2) {
    return (
      <p className={styles.only}>
        <HiddenText>Site: </HiddenText>
        {site.name}
      </p>
    )
  }
  const choose = (id: number): void => {
    rememberSite(id)
    void navigate({ to: '/', search: { site: id } })
  }
  return (
    <label className={styles.choice}>
      <HiddenText>Site</HiddenText>
      <select value={site.id} onChange={(event) => choose(Number(event.target.value))}>
        {sites.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  )
}
