export { plantedBugs } from './planted-bugs.ts'
