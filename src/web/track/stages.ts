import type { Item } from '../../model/curriculum.ts'
import { tiers } from '../../model/tiers.ts'
import type { Tier } from '../../model/vocabulary.ts'
import type { TrackView } from '../content/track-view.ts'

/** A project in a stage, with the phase of it that belongs to the stage. */
export interface StageProject {
  project: Item<'project'>
  phase: string | null
  /** False in a later stage of the same project. */
  isFirst: boolean
}

/** The projects and exercises of a stage. */
export interface Milestones {
  projects: StageProject[]
  exercises: Item<'exercise'>[]
}

/** Returns the milestones of each tier, and under null those that belong to none. */
export const milestonesByTier = (view: TrackView): ReadonlyMap<Tier | null, Milestones> => {
  const { projects, exercises } = view.document
  const stages = new Map<Tier | null, Milestones>()
  for (const tier of [...view.columns.map(column => column.tier), null])
    stages.set(tier, { projects: [], exercises: [] })
  const stageOf = (tier: Tier | null | undefined): Milestones =>
    stages.get(tier ?? null) ?? (stages.get(null) as Milestones) // set above
  for (const project of projects) {
    const phases = project.phases.filter(({ tier }) => tier !== null && stages.has(tier))
    if (project.tier === null && phases.length > 0)
      for (const [index, { tier, title }] of phases.entries())
        stageOf(tier).projects.push({ project, phase: title, isFirst: index === 0 })
    else
      stageOf(project.tier ?? lastTierOf(view, project.skills)).projects.push({ project, phase: null, isFirst: true })
  }
  for (const exercise of exercises) stageOf(lastTierOf(view, exercise.skills)).exercises.push(exercise)
  return stages
}

/** Returns the last tier of these skills; undefined if none of them is in the track. */
const lastTierOf = (view: TrackView, skills: readonly string[]): Tier | undefined => {
  const used = new Set(skills.map(key => view.skill(key)?.tier))
  return tiers.findLast(tier => used.has(tier))
}
