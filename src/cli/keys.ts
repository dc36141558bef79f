import { type Command, InvalidArgumentError, Option } from 'commander'
import { Refused } from '../errors.ts'
import { type ApiKey, type ApiKeys, generateApiKey } from '../model/api-key.ts'
import { type Scope, scopes } from '../model/vocabulary.ts'
import { didYouMean, nearest } from '../query/suggest.ts'
import { openDatabaseOf } from './open-database.ts'
import { outputOf, runCommand } from './output.ts'
import { addSettings, databaseConfig, type Settings } from './settings.ts'

/** Adds `keys create`, `keys list` and `keys revoke`. */
export const addKeys = (program: Command): void => {
  const keys = program
    .command('keys')
    .summary('create, list and revoke API keys')
    .description(
      'API keys for writing, or for reading with READ_ACCESS=key: clients send one as "Authorization: Bearer …".\nA running service applies each change at once.',
    )
  addCreate(keys)
  addSettings(keys.command('list'))
    .description(
      'List all keys, also revoked and expired ones. Only a hash of each key is stored, so the keys themselves cannot be shown.',
    )
    .option('--json', 'as JSON')
    .action(({ json = false, ...settings }: Settings & { json?: boolean }, command: Command) =>
      runCommand(command, () =>
        withKeys(command, settings, async known =>
          json ? formatJson(await known.list()) : formatTable(await known.list()),
        ),
      ),
    )
  addSettings(keys.command('revoke'))
    .description('Revoke a key: it is rejected from now on.')
    .argument('<name>', 'the name of the key')
    .action((name: string, settings: Settings, command: Command) =>
      runCommand(command, () => withKeys(command, settings, known => revoke(known, name))),
    )
}

const addCreate = (keys: Command): void => {
  addSettings(keys.command('create'))
    .description('Create a key and show it once.')
    .requiredOption('--name <name>', 'the person or program it is for; changes are recorded under it', parseName)
    .addOption(
      new Option('--scope <scope>', 'what it permits; each scope includes those before it')
        .choices(scopes)
        .makeOptionMandatory(),
    )
    .option('--expires <when>', 'when it expires: a date such as 2027-06-30, or days from now such as 90d', parseExpiry)
    .addHelpText(
      'after',
      '\nThe key alone goes to stdout.\n\nExample:\n  npm run -s curriculum -- keys create --name ci --scope write --expires 365d',
    )
    .action((options: Settings & { name: string; scope: Scope; expires?: string }, command: Command) =>
      runCommand(command, () => withKeys(command, options, known => create(known, options, command))),
    )
}

const withKeys = async (
  command: Command,
  settings: Settings,
  work: (keys: ApiKeys) => Promise<string[]>,
): Promise<string[]> => {
  const store = openDatabaseOf(databaseConfig(command, settings))
  try {
    return await work(store.keys)
  } finally {
    store.close()
  }
}

const create = async (
  keys: ApiKeys,
  { name, scope, expires = null }: { name: string; scope: Scope; expires?: string | null },
  command: Command,
): Promise<string[]> => {
  if ((await keys.list()).some(known => known.name === name))
    throw new Refused(
      `there is or was a key called "${name}": names identify who made a change, so each can be used only once`,
    )
  const { key, id, hash } = generateApiKey()
  await keys.create({ id, hash, name, scope, expiresAt: expires })
  const until = expires === null ? '' : `, until ${expires}`
  outputOf(command).writeErr(`"${name}" (${scope}${until}): this key is shown only once, so store it now\n`)
  return [key]
}

const revoke = async (keys: ApiKeys, name: string): Promise<string[]> => {
  if (await keys.revoke(name)) return [`"${name}" is revoked`]
  const known = await keys.list()
  if (known.some(key => key.name === name)) throw new Refused(`"${name}" is revoked already`)
  const suggestion = nearest(
    name,
    known.map(key => key.name),
  )
  throw new Refused(`there is no key called "${name}"${didYouMean(suggestion)}`)
}

const formatJson = (keys: ApiKey[]): string[] => [
  JSON.stringify(
    keys.map(({ hash: _, ...shown }) => shown),
    null,
    2,
  ),
]

const formatTable = (keys: ApiKey[]): string[] => {
  if (keys.length === 0) return ['there are no keys: create one with keys create']
  const rows = [
    ['name', 'scope', 'state', 'created', 'last used', 'key'],
    ...keys.map(key => [key.name, key.scope, stateOf(key), day(key.createdAt), day(key.lastUsedAt), `cur_${key.id}_…`]),
  ]
  const widths = rows.reduce<number[]>(
    (most, row) => row.map((cell, column) => Math.max(cell.length, most[column] ?? 0)),
    [],
  )
  return rows.map(row =>
    row
      .map((cell, column) => cell.padEnd(widths[column] as number))
      .join('  ')
      .trimEnd(),
  ) // one width a column
}

const stateOf = ({ revokedAt, expiresAt }: ApiKey): string => {
  if (revokedAt !== null) return `revoked ${day(revokedAt)}`
  if (expiresAt === null) return 'active'
  return expiresAt <= new Date().toISOString() ? `expired ${day(expiresAt)}` : `active until ${day(expiresAt)}`
}

const day = (time: string | null): string => time?.slice(0, 10) ?? 'never'

const parseName = (given: string): string => {
  const name = given.trim()
  if (name === '' || name.length > 100 || /\p{Cc}/u.test(name))
    throw new InvalidArgumentError('A name has 1 to 100 characters, on one line.')
  return name
}

const parseExpiry = (given: string): string => {
  const days = /^(\d{1,5})d$/.exec(given)?.[1]
  const end = days === undefined ? new Date(given) : new Date(Date.now() + Number(days) * 86_400_000)
  if (Number.isNaN(end.getTime()) || !/^(\d{1,5}d|\d{4}-\d\d-\d\d.*)$/.test(given))
    throw new InvalidArgumentError('Write a date such as 2027-06-30, or days from now such as 90d.')
  if (end.getTime() <= Date.now()) throw new InvalidArgumentError('That is in the past.')
  return end.toISOString()
}
