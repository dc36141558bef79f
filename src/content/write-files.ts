import { mkdir, readdir, readFile, rename, rm, rmdir, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** Writes the contents of files by path, and removes the others with the folders that become empty; restores everything if one of them fails. */
export const writeFiles = async (contents: Map<string, string | Buffer>, removed: string[] = []): Promise<void> => {
  const changed: { path: string; before: Buffer | undefined }[] = []
  try {
    for (const [path, content] of contents) {
      await mkdir(dirname(path), { recursive: true })
      await writeFile(temporaryPath(path), content)
    }
    for (const path of contents.keys()) {
      const before = await readIfExists(path)
      await rename(temporaryPath(path), path)
      changed.push({ path, before })
    }
    for (const path of removed) {
      const before = await readFile(path)
      await rm(path)
      changed.push({ path, before })
      await removeEmptyFolders(dirname(path))
    }
  } catch (failure) {
    for (const { path, before } of changed) await (before === undefined ? rm(path) : restore(path, before))
    throw failure
  } finally {
    for (const path of contents.keys()) await rm(temporaryPath(path), { force: true })
  }
}

const restore = async (path: string, content: Buffer): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, content)
}

const removeEmptyFolders = async (folder: string): Promise<void> => {
  if ((await readdir(folder)).length > 0) return
  await rmdir(folder)
  await removeEmptyFolders(dirname(folder))
}

const readIfExists = (path: string): Promise<Buffer | undefined> => readFile(path).catch(() => undefined)

/** Returns the path of a hidden file in the same folder, so that renaming it into place is atomic. */
const temporaryPath = (path: string): string => join(dirname(path), `.${basename(path)}.new`)
