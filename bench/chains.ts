import { type Document, emptyDocument } from '../src/model/document.ts'
import { tiers } from '../src/model/tiers.ts'
import { checked, createOnce } from './data.ts'
import { draft } from './tracks.ts'

export const chainsTrack = 'chains'

const chain = 100
const chains = 100

/** Returns a database of one very deep track. */
export const chainsDatabase = (): Promise<string> =>
  createOnce('chains', async catalog => {
    await catalog.replaceTracks({ document: checked(deepTrack()) })
  })

/** Returns the track: each skill requires the previous one of its chain, and every seventh also one of the chain before. */
export const deepTrack = (): Document => {
  const document = emptyDocument(draft('track', { slug: chainsTrack, title: 'Chains' }))
  document.categories = Array.from({ length: chains }, (_, index) =>
    draft('category', { slug: `category-${index}`, title: `Category ${index}` }),
  )
  document.skills = Array.from({ length: chains * chain }, (_, index) =>
    draft('skill', {
      slug: `skill-${index}`,
      title: `Skill ${index}`,
      category: `category-${Math.floor(index / chain)}`,
      tier: tiers[Math.floor(((index % chain) * tiers.length) / chain)],
      prerequisites: [
        ...(index % chain === 0 ? [] : [`skill-${index - 1}`]),
        ...(index % 7 === 0 && index > chain ? [`skill-${index - chain - 1}`] : []),
      ],
    }),
  )
  return document
}
