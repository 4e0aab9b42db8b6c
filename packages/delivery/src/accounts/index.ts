export { isAtLeast, parseRole, roles, type Role } from './role.ts'
