import type { CookieSerializeOptions } from '@fastify/cookie'
import type { Settings } from '@ghostpost/infrastructure/config'

export const sessionCookie = 'session'

export function cookieOptions(settings: Settings): CookieSerializeOptions {
  return {
    path: '/',
    httpOnly: true,
    sameSite: 'lax',
    secure: settings.GHOSTPOST_COOKIE_SECURE,
    maxAge: settings.GHOSTPOST_SESSION_HOURS * 3_600,
  }
}
