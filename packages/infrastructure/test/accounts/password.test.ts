import { verify } from '@node-rs/argon2'
import { hashPassword, isPasswordCorrect } from '@ghostpost/infrastructure/accounts'
import { beforeEach, expect, test, vi } from 'vitest'

// The real module, with its calls recorded.
vi.mock('@node-rs/argon2', { spy: true })

beforeEach(() => void vi.mocked(verify).mockClear())

const costOf = (phc: unknown): string => String(phc).split('$').slice(0, 4).join('$')

test('an unknown account costs the same hash as a wrong password', async () => {
  const stored = await hashPassword('correct horse')
  expect(await isPasswordCorrect(stored, 'wrong')).toBe(false)
  expect(await isPasswordCorrect(null, 'wrong')).toBe(false)
  const [known, unknown] = vi.mocked(verify).mock.calls
  expect(costOf(known?.[0])).toMatch(/^\$argon2id\$v=19\$m=\d+,t=\d+,p=1$/)
  expect([costOf(unknown?.[0]), unknown?.[1]]).toEqual([costOf(known?.[0]), 'wrong'])
})
