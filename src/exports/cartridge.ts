import { type Format, groupingOption, scopeOptions, versionOption } from './format.ts'

/** A track as a course, imported as modules by Moodle, Canvas and others. */
export const cartridge: Format = {
  name: 'cartridge.imscc',
  mediaType: 'application/zip',
  hasPictures: true,
  fileNameSuffix: '.imscc',
  description:
    'A Common Cartridge: modules with a page for each skill, links to resources, a discussion or assignment for each project, and exercises and quizzes.',
  options: [
    groupingOption('One module per category, or one per plan.', 'category', 'plan'),
    versionOption,
    ...scopeOptions,
  ],
  chunks: async input => (await import('./cartridge-files.ts')).cartridgeChunks(input),
}
