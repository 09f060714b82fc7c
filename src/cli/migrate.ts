import { runCommand } from './command.ts'

// npm run migrate: brings the tables of the database up to date, as every start does too.
await runCommand(async ({ steps }) => {
  for (const step of steps) console.log(`  ${step}`)
  console.log(steps.length === 0 ? '数据库已是最新。 The database is up to date.' : `已完成 ${steps.length} 步升级。 ${steps.length} migrations applied.`)
})
