import { Option } from 'commander'
import type { Format, FormatOption } from '../exports/format.ts'

/** Returns the options of all formats, each once. The value of a yes-or-no option may be left out. */
export const optionsOfFormats = (formats: readonly Pick<Format, 'name' | 'options'>[]): Option[] => {
  const taken = formats.flatMap(format => format.options.map(option => ({ format: format.name, option })))
  return [...Map.groupBy(taken, ({ option }) => option.name)].map(([name, uses]) =>
    uses.every(({ option }) => option.values?.includes('true'))
      ? new Option(`--${name} [word]`, helpText(uses)).preset('true')
      : new Option(`--${name} <words>`, helpText(uses)),
  )
}

/** Returns the options of one format. */
export const optionsOfFormat = (options: readonly FormatOption[]): Option[] =>
  options.map(option => new Option(`--${option.name} <words>`, `${option.description}${valuesText(option)}`))

const helpText = (uses: { format: string; option: FormatOption }[]): string => {
  const texts = Map.groupBy(uses, ({ option }) => `${option.description}${valuesText(option)}`)
  return [...texts].map(([text, those]) => `${those.map(({ format }) => format).join(', ')}: ${text}`).join(' ')
}

const valuesText = ({ values, example }: FormatOption): string => ` (${values?.join(', ') ?? `such as ${example}`})`
