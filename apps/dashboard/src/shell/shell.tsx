import { Outlet, useRouterState } from '@tanstack/react-router'
import { useId, useState } from 'react'
import { LiveSwitch } from '../live/live-switch.tsx'
import { StaleNotice } from '../live/stale-notice.tsx'
import { SessionExpiryNotice } from '../session/session-expiry-notice.tsx'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Account } from './account.tsx'
import { MissingSiteNotice } from './missing-site-notice.tsx'
import { Navigation } from './navigation.tsx'
import { NavigationProgress } from './navigation-progress.tsx'
import { Shortcuts } from './shortcuts.tsx'
import styles from './shell.module.css'
import { SiteChoice } from './site-choice.tsx'
import { ThemeChoice } from './theme-choice.tsx'
import { ZoneChoice } from './zone-choice.tsx'

/** The frame around every page. */
export function Shell() {
  return (
    <div className={styles.shell}>
      <a href="#content" className={styles.skip}>
        Skip to the content
      </a>
      <Sidebar />
      <main id="content" className={styles.content} tabIndex={-1}>
        <NavigationProgress />
        <SessionExpiryNotice />
        <StaleNotice />
        <MissingSiteNotice />
        <Outlet />
      </main>
    </div>
  )
}

/** Beside the page on a wide screen; above it, behind a menu button, on a narrow one. */
function Sidebar() {
  const menuId = useId()
  const pathname = useRouterState({ select: ({ location }) => location.pathname })
  const [openedAt, setOpenedAt] = useState<string | null>(null)
  // Navigation closes the menu.
  const isOpen = openedAt === pathname
  return (
    <header className={styles.side}>
      <div className={styles.brand}>
        <img src="/ops/favicon.svg" alt="" width="22" height="22" />
        <span>Ghostpost</span>
        <Button
          look="quiet"
          className={styles.menuButton}
          aria-expanded={isOpen}
          aria-controls={menuId}
          onClick={() => setOpenedAt(isOpen ? null : pathname)}
        >
          <Icon name={isOpen ? 'close' : 'menu'} /> Menu
        </Button>
      </div>
      <div id={menuId} className={`${styles.menu} ${isOpen ? styles.open : ''}`}>
        <SiteChoice />
        <Navigation />
        <div className={styles.foot}>
          <LiveSwitch />
          <ZoneChoice />
          <ThemeChoice />
          <Shortcuts />
          <Account />
        </div>
      </div>
    </header>
  )
}
