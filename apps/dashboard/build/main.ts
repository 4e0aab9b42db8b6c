import { buildDashboard, dashboardFolder } from './build-dashboard.ts'

const isBuilt = await buildDashboard()
console.log(isBuilt ? `Built ${dashboardFolder}.` : 'The dashboard is up to date.')
