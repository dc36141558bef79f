import { Option } from 'commander'
import type { Format, FormatOption } from '../exports/format.ts'

/** Each option that any of the formats takes, once; what is yes or no may be named alone. */
export const optionsOf = (formats: readonly Pick<Format, 'name' | 'options'>[]): Option[] => {
  const taken = formats.flatMap(format => format.options.map(option => ({ format: format.name, option })))
  return [...Map.groupBy(taken, ({ option }) => option.name)].map(([name, uses]) =>
    uses.every(({ option }) => option.values?.includes('true'))
      ? new Option(`--${name} [word]`, help(uses)).preset('true')
      : new Option(`--${name} <words>`, help(uses)),
  )
}

/** The options of one format alone, where it is clear whose they are. */
export const optionsOfOne = (options: readonly FormatOption[]): Option[] =>
  options.map(option => new Option(`--${option.name} <words>`, `${option.description}${worded(option)}`))

const help = (uses: { format: string; option: FormatOption }[]): string => {
  const texts = Map.groupBy(uses, ({ option }) => `${option.description}${worded(option)}`)
  return [...texts].map(([text, those]) => `${those.map(({ format }) => format).join(', ')}: ${text}`).join(' ')
}

const worded = ({ values, example }: FormatOption): string => ` (${values?.join(', ') ?? `such as ${example}`})`
