import { hash, verify } from '@node-rs/argon2'

/**
 * Argon2id with the library's defaults for id (19 MiB, 2 passes, 1 lane): OWASP's first recommendation.
 * https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
 */
const cost = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

/** Hashes a password for storage. Returns a PHC string. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, cost)
}

/** The hash of a random password: checking it makes an unknown account take as long as a wrong password. */
const decoyHash = hashPassword(crypto.randomUUID())

/** True when the password is correct. A `passwordHash` of null means that the account does not exist. */
export async function isPasswordCorrect(passwordHash: string | null, password: string): Promise<boolean> {
  const matches = await verify(passwordHash ?? (await decoyHash), password).catch(() => false)
  return matches && passwordHash !== null
}
