import { openDatabase } from '../../src/store/better-sqlite3.ts'
import { openCatalog } from '../../src/store/catalog.ts'
import { checked } from '../data.ts'
import { generatedTrack } from '../tracks.ts'

// A second process that writes to the database of a server: each message is a version, which then stands in every summary of the first track.
const [file, skills] = process.argv.slice(2) as [string, string] // writer.ts passes both
const database = openDatabase(file)
const catalog = openCatalog(database)

process.on('message', async (version: number) => {
  await catalog.replaceTracks({ document: checked(generatedTrack(1, { skills: Number(skills), version })) })
  process.send?.(version)
})
process.on('disconnect', () => database.close())
