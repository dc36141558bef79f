import t from 'tap'
import { de } from '../../src/web/messages/de.ts'
import { en } from '../../src/web/messages/en.ts'
import { directionOf, format, formatPlural, messagesFor } from '../../src/web/messages/messages.ts'
import { plural } from '../../src/web/messages/plural.ts'

/** Returns the placeholders of each message, by the path of its key. */
const placeholders = (messages: object, path = ''): [string, string][] =>
  Object.entries(messages).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string'
      ? [[`${path}${key}`, [...new Set(value.match(/\{\w+\}/g))].sort().join(' ')]]
      : placeholders(value, `${path}${key}.`),
  )

t.test('every message has the same placeholders in every language', async t => {
  t.same(placeholders(de), placeholders(en))
})

t.test('a message is chosen by the language of the content, and by the number', async t => {
  t.equal(messagesFor('de-CH').language, 'de')
  t.equal(messagesFor('fr').language, 'en', 'English if there is no translation')
  t.equal(formatPlural(messagesFor('de'), de.counts.skill, 1), '1 Thema')
  t.equal(formatPlural(messagesFor('de'), de.counts.skill, 1200), '1.200 Themen')
  t.equal(formatPlural({ language: 'ru' }, plural('{count} шаг', '{count} шага'), 5), '5 шага', 'a form is missing')
  t.equal(format('{a} of {b}', { a: 1 }), '1 of {b}')
})

t.test('a page has the direction of its language', async t => {
  for (const language of ['ar', 'he-IL', 'fa', 'az-Arab']) t.equal(directionOf(language), 'rtl')
  for (const language of ['de', 'en-US', 'az', 'zh-Hant']) t.equal(directionOf(language), 'ltr')
})
