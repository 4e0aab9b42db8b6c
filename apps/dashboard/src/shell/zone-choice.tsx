import { HiddenText } from '../ui/hidden-text.tsx'
import { chooseZone, useZone, type Zone } from '../ui/zone.ts'
import styles from './choice.module.css'

export function ZoneChoice() {
  const zone = useZone()
  return (
    <label className={styles.choice}>
      <HiddenText>Time zone</HiddenText>
      <select value={zone} onChange={(event) => chooseZone(event.target.value as Zone)}>
        <option value="local">Times: {new Intl.DateTimeFormat().resolvedOptions().timeZone}</option>
        <option value="utc">Times: UTC</option>
      </select>
    </label>
  )
}
