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
  durations: {
    about: 'etwa {time}',
    atLeast: 'mindestens {time}',
    upTo: 'bis zu {time}',
    weekly: '{time} pro Woche',
    incomplete: '{time} für {known} von {all} Themen',
    approximateSpan: 'ungefähr {span}',
    spans: {
      minute: { one: 'Minute {from}', several: 'Minuten {from}–{to}', openEnded: 'ab Minute {from}' },
      hour: { one: 'Stunde {from}', several: 'Stunden {from}–{to}', openEnded: 'ab Stunde {from}' },
      day: { one: 'Tag {from}', several: 'Tage {from}–{to}', openEnded: 'ab Tag {from}' },
      week: { one: 'Woche {from}', several: 'Wochen {from}–{to}', openEnded: 'ab Woche {from}' },
      month: { one: 'Monat {from}', several: 'Monate {from}–{to}', openEnded: 'ab Monat {from}' },
      year: { one: 'Jahr {from}', several: 'Jahre {from}–{to}', openEnded: 'ab Jahr {from}' },
    },
  },
}
