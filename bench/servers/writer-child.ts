import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { checked } from '../data.ts'
import { generatedTrack } from '../tracks.ts'

// A process beside the server that writes to the same database: each message is a version, which every summary of the first track then carries.
const [file, skills] = process.argv.slice(2) as [string, string] // whoever starts this says both
const database = openDatabase(file)
const catalog = openCatalog(database)

process.on('message', async (version: number) => {
  await catalog.replaceTracks({ document: checked(generatedTrack(1, { skills: Number(skills), version })) })
  process.send?.(version)
})
process.on('disconnect', () => database.close())
