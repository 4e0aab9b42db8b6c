import { accept } from './accept/accept.ts'
import type { Model } from './model.ts'
import { acceptRace, performRace } from './race.ts'
import { describeStep, type Race, type Step } from './steps.ts'
import { differenceOf, withSweepTimes } from './system/observe.ts'
import type { System } from './system/system.ts'

export interface ModelRun {
  model: Model
  /** The steps that were taken, in words. */
  taken: string[]
}

/** @throws when the model does not allow the result, or the database differs from the model afterwards */
export async function takeStep(run: ModelRun, system: System, step: Step | Race): Promise<void> {
  run.taken.push(describeStep(step))
  const model = { ...run.model, step: run.model.step + 1 }
  run.model = await (step.kind === 'race' ? race(model, system, step) : single(model, system, step))
}

async function single(model: Model, system: System, step: Step): Promise<Model> {
  const result = await system.perform(step)
  const next = accept(model, step, result)
  if (!next) throw new Error(`${describeStep(step)} had the result ${JSON.stringify(result)}`)
  const observed = await system.observe()
  const difference = differenceOf(next, observed, system.ids)
  if (difference !== null) throw new Error(`after ${describeStep(step)}: ${difference}`)
  return withSweepTimes(next, observed, system.ids)
}

async function race(model: Model, system: System, step: Race): Promise<Model> {
  const results = await performRace(system, step)
  const observed = await system.observe()
  const next = acceptRace(model, step, results, observed, system.ids)
  if (typeof next === 'string') {
    throw new Error(`${describeStep(step)} had the results ${JSON.stringify(results)}; ${next}`)
  }
  return withSweepTimes(next, observed, system.ids)
}
