export { isAtLeast, lowerRole, parseRole, roles, type Role } from './role.ts'
