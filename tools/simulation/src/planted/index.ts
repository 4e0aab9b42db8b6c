export { plantedBugs, type PlantedBug } from './planted-bugs.ts'
