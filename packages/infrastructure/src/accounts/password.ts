import { hash, verify } from '@node-rs/argon2'

/**
 * Argon2id with the library's defaults for id (19 MiB, 2 passes, 1 lane): OWASP's first recommendation.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashes a password for storing; a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost)
}

/** A hash of nothing anyone knows: an unknown account costs as much time as a wrong password. */
const decoyHash = hashPassword(crypto.randomUUID())

/** True when the password fits; `null` stands for an account that does not exist. */
export async function isPasswordCorrect(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await decoyHash), password).catch(() => false)
  return matches && passwordHash !== null
}
