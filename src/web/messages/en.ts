import { plural } from './plural.ts'

/**
 * The words of the pages in English: every other language has the same keys. `{name}` is replaced by a value, and a message
 * with `one` and `other` is chosen by a number (`Intl.PluralRules`).
 */
export const en = {
  language: 'en',
  frame: {
    skipToContent: 'Skip to the content',
    allTracks: 'All roadmaps',
    search: 'Search',
    searchLabel: 'Search all roadmaps',
    reference: 'API reference',
    builtWith: 'Served by Curriculum',
    home: 'To the home page',
  },
  counts: {
    skill: plural('{count} skill', '{count} skills'),
    category: plural('{count} area', '{count} areas'),
    project: plural('{count} project', '{count} projects'),
    exercise: plural('{count} exercise', '{count} exercises'),
  },
  durations: {
    about: 'about {time}',
    atLeast: 'at least {time}',
    upTo: 'up to {time}',
    weekly: '{time} a week',
    incomplete: '{time} for {known} of {all} skills',
    approximateSpan: '{span} or so',
    spans: {
      minute: { one: 'Minute {from}', several: 'Minutes {from}–{to}', openEnded: 'From minute {from} on' },
      hour: { one: 'Hour {from}', several: 'Hours {from}–{to}', openEnded: 'From hour {from} on' },
      day: { one: 'Day {from}', several: 'Days {from}–{to}', openEnded: 'From day {from} on' },
      week: { one: 'Week {from}', several: 'Weeks {from}–{to}', openEnded: 'From week {from} on' },
      month: { one: 'Month {from}', several: 'Months {from}–{to}', openEnded: 'From month {from} on' },
      year: { one: 'Year {from}', several: 'Years {from}–{to}', openEnded: 'From year {from} on' },
    },
  },
}

export type Messages = typeof en
