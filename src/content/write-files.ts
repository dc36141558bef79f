import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Writes all of the files and removes the others, or leaves everything as it was. */
export const writeFiles = async (texts: Map<string, string>, removed: string[] = []): Promise<void> => {
  const changed: { path: string; before: Buffer | undefined }[] = []
  try {
    for (const [path, text] of texts) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(beside(path), text)
    }
    for (const path of texts.keys()) {
      const before = await contentOf(path)
      await rename(beside(path), path)
      changed.push({ path, before })
    }
    for (const path of removed) {
      const before = await readFile(path)
      await rm(path)
      changed.push({ path, before })
    }
  } catch (failure) {
    for (const { path, before } of changed) await (before === undefined ? rm(path) : writeFile(path, before))
    throw failure
  } finally {
    for (const path of texts.keys()) await rm(beside(path), { force: true })
  }
}

const contentOf = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined)

/** A name that is no content, in the same folder: moving it into place happens at once or not at all. */
const beside = (path: string): string => join(dirname(path), `.${basename(path)}.new`)
