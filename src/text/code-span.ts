/** Code between backticks: the only markup of a plain text. */
export const codeSpan = /(?<!`)(`+)(?!`)([^\n]*?[^`\n])\1(?!`)/g

/** The text where no markup can stand. */
export const plain = (text: string): string => text.replace(codeSpan, (_, _ticks, inside: string) => inside.trim())
