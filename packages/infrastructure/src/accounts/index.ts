export { addAccount, passwordLengthMin } from './add-account.ts'
export { hashPassword, isPasswordCorrect } from './password.ts'
export { hashSessionToken, newSessionToken } from './session-token.ts'
export { openSessions, type ActiveSession, type Sessions } from './sessions.ts'
