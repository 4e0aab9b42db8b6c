import { Outlet } from '@tanstack/react-router'
import { LiveSwitch } from '../live/live-switch.tsx'
import { Account } from './account.tsx'
import { Navigation } from './navigation.tsx'
import { Shortcuts } from './shortcuts.tsx'
import styles from './shell.module.css'
import { SiteChoice } from './site-choice.tsx'
import { ThemeChoice } from './theme-choice.tsx'
import { ZoneChoice } from './zone-choice.tsx'

/** What stands around every page. */
export function Shell() {
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <header className={styles.side}>
        <div className={styles.brand}>
          <img src="/ops/favicon.svg" alt="" width="22" height="22" />
          <span>Ghostpost</span>
        </div>
        <SiteChoice />
        <Navigation />
        <div className={styles.foot}>
          <LiveSwitch />
          <ZoneChoice />
          <ThemeChoice />
          <Shortcuts />
          <Account />
        </div>
      </header>
      <main id="content" className={styles.content} tabIndex={-1}>
        <Outlet />
      </main>
    </div>
  )
}
