/** Returns false for files that editors, systems and tools leave: hidden files, backups, locks, compiled files and installed packages. */
export const isContent = (name: string): boolean =>
  !/^[.#~]|~$|\.(sw[a-z]|pyc)$|^(__pycache__|node_modules|thumbs\.db|desktop\.ini)$/i.test(name)
