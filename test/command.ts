import { Command, CommanderError } from 'commander'

/** Runs commands as a person would type them, and answers what was printed and how it ended. */
export const runner = (...added: ((program: Command) => void)[]) => terminal(undefined, ...added)

/** The same where stderr is a terminal so many letters wide. */
export const terminal =
  (width: number | undefined, ...added: ((program: Command) => void)[]) =>
  async (...args: string[]): Promise<{ out: string; err: string; code: number }> => {
    const printed = { out: '', err: '', code: 0 }
    const program = new Command('curriculum').exitOverride().configureOutput({
      writeOut: text => {
        printed.out += text
      },
      writeErr: text => {
        // The database has another path in each test; test/commands-settings.test.ts looks at this line.
        if (!text.startsWith('database: ')) printed.err += text
      },
      getErrHasColors: () => false,
      getErrHelpWidth: () => width as number, // commander's types do not say that it is undefined elsewhere
    })
    for (const add of added) add(program)
    await program.parseAsync(args, { from: 'user' }).catch((failure: unknown) => {
      if (!(failure instanceof CommanderError)) throw failure
      printed.code = failure.exitCode
    })
    return printed
  }
