import type { Messages } from './en.ts'
import { plural } from './plural.ts'

export const de: Messages = {
  language: 'de',
  frame: {
    skipToContent: 'Zum Inhalt springen',
    allTracks: 'Alle Lernwege',
    search: 'Suchen',
    searchLabel: 'Alle Lernwege durchsuchen',
    reference: 'API-Referenz',
    builtWith: 'Bereitgestellt mit Curriculum',
    home: 'Zur Startseite',
  },
  counts: {
    skill: plural('{count} Thema', '{count} Themen'),
    category: plural('{count} Bereich', '{count} Bereiche'),
    project: plural('{count} Projekt', '{count} Projekte'),
    exercise: plural('{count} Übung', '{count} Übungen'),
  },
}
