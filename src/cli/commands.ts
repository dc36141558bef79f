import type { Command } from 'commander'

type AddCommand = (program: Command) => void

/** The commands. Only the module of the requested command is loaded, or all of them for the help. */
export const commands: Record<string, () => Promise<AddCommand>> = {
  serve: async () => (await import('./serve.ts')).addServe,
  load: async () => (await import('./load.ts')).addLoad,
  validate: async () => (await import('./validate.ts')).addValidate,
  diff: async () => (await import('./diff.ts')).addDiff,
  stats: async () => (await import('./stats.ts')).addStats,
  export: async () => (await import('./export.ts')).addExport,
  import: async () => (await import('./import.ts')).addImport,
  backup: async () => (await import('./backup.ts')).addBackup,
  restore: async () => (await import('./backup.ts')).addRestore,
  moodle: async () => (await import('./moodle.ts')).addMoodle,
  canvas: async () => (await import('./canvas.ts')).addCanvas,
  keys: async () => (await import('./keys.ts')).addKeys,
  new: async () => (await import('./new.ts')).addNew,
  rename: async () => (await import('./rename-skill.ts')).addRenameSkill,
}
