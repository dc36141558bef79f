import type { PageData } from './browser/data.ts'
import type { Outline } from './outline.ts'

/** What the script computes with, as JSON that can stand in a script element. Names within the track are slugs. */
export const pageData = ({ document: { track, skills, projects }, columns }: Outline): string => {
  const known = new Set(skills.map(({ key }) => key))
  const here = (keys: readonly string[]) => keys.filter(key => known.has(key)).map(slugIn)
  const data: PageData = {
    track: track.id,
    tiers: columns.map(({ tier, title }) => ({ tier, title })),
    skills: skills.map(({ id, slug, tier, category, prerequisites }) => ({
      id,
      slug,
      tier,
      category: slugIn(category),
      prerequisites: here(prerequisites),
    })),
    projects: projects.map(({ slug, skills }) => ({ slug, skills: here(skills) })),
  }
  return JSON.stringify(data).replaceAll('<', '\\u003c')
}

const slugIn = (key: string): string => key.slice(key.indexOf('.') + 1)
