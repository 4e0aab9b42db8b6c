import { loadSettings, SettingsError } from '@ghostpost/infrastructure/config'
import { expect, test } from 'vitest'

const stores = { DATABASE_URL: 'postgresql://u:pw@db/ghostpost', QUEUE_URL: 'redis://redis:6379' }
const oidc = {
  GHOSTPOST_OIDC_ISSUER: 'https://id.example.com/realms/main',
  GHOSTPOST_OIDC_CLIENT_ID: 'ghostpost',
  GHOSTPOST_OIDC_CLIENT_SECRET: 'planted',
}

function problemsOf(env: Record<string, string>): readonly string[] {
  try {
    loadSettings({ ...stores, ...env })
  } catch (error) {
    if (error instanceof SettingsError) return error.problems
    throw error
  }
  return []
}

test('there is no single sign-on by default, and its settings are read together', () => {
  expect(loadSettings(stores)).toMatchObject({ oidc: null, GHOSTPOST_PASSWORD_SIGN_IN: true })
  const roles = { GHOSTPOST_OIDC_ROLES: 'admin@*:Ghostpost admins', GHOSTPOST_PASSWORD_SIGN_IN: 'false' }
  expect(loadSettings({ ...stores, ...oidc, ...roles }).oidc).toMatchObject({
    clientId: 'ghostpost',
    scopes: 'openid email profile',
    groupsClaim: 'groups',
    groupRoles: [{ group: 'Ghostpost admins', role: 'admin', siteId: null }],
  })
})

test.each([
  [{ GHOSTPOST_PASSWORD_SIGN_IN: 'false' }, 'nobody could sign in'],
  [{ ...oidc, GHOSTPOST_OIDC_CLIENT_ID: '' }, 'GHOSTPOST_OIDC_CLIENT_ID is missing'],
  [{ ...oidc, GHOSTPOST_OIDC_CLIENT_SECRET: '' }, 'GHOSTPOST_OIDC_CLIENT_SECRET is missing'],
  [{ ...oidc, GHOSTPOST_OIDC_ISSUER: 'http://id.example.com' }, 'GHOSTPOST_OIDC_ISSUER is wrong'],
  [{ ...oidc, GHOSTPOST_OIDC_ISSUER: 'http://localhost.example.com' }, 'GHOSTPOST_OIDC_ISSUER is wrong'],
  [{ ...oidc, GHOSTPOST_OIDC_ISSUER: 'https://a:b@id.example.com' }, 'GHOSTPOST_OIDC_ISSUER is wrong'],
  [{ ...oidc, GHOSTPOST_OIDC_ROLES: 'owner@4:sales' }, 'GHOSTPOST_OIDC_ROLES is wrong'],
  [{ ...oidc, GHOSTPOST_OIDC_SCOPES: 'email profile' }, 'GHOSTPOST_OIDC_SCOPES is wrong'],
])('%j is refused, without its secret', (env, problem) => {
  const problems = problemsOf(env).join(' ')
  expect(problems).toContain(problem)
  expect(problems).not.toContain('planted')
})

test('plain http is for issuers on this machine', () => {
  const issuer = 'http://127.0.0.1:9000'
  expect(loadSettings({ ...stores, ...oidc, GHOSTPOST_OIDC_ISSUER: issuer }).oidc?.issuer.origin).toBe(issuer)
})
