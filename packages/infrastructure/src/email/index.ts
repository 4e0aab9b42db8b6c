export { openMailer, type Mailer } from './open-mailer.ts'
