import { buildDashboard, dashboardFolder } from './build-dashboard.ts'

const built = await buildDashboard()
console.log(built ? `Built ${dashboardFolder}.` : 'The dashboard is built from these very sources already.')
