export { linkEmail } from './account-email.ts'
export { groupsOfClaim, parseGroupRoles, rolesOfGroups, type GroupRole } from './group-roles.ts'
export { isAtLeast, lowerRole, parseRole, roles, type Role } from './role.ts'
