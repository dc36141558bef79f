/** A noun that the heading of a section may name. */
export type OtherNoun = 'project' | 'resource' | 'checklist' | 'plan' | 'principle'

const headings: Record<OtherNoun, RegExp> = {
  project:
    /^((starter|example|sample|beginner|junior|intermediate|advanced|senior|capstone|final|practice|course|suggested|\w+ portfolio) )?projects\b|\bproject (roadmap|example)\b/i,
  resource: /^((further|recommended|useful|additional|learning|more) )?(resources|books|reading|references|links)\b/i,
  checklist: /\bchecklist\b|^(tools & |useful )?commands\b/i,
  plan: /\b(timeline|schedule)\b|\b(study|learning|month|week|day|mastery|focused) (plan|path)s?\b|^\d+[- ](day|week|month|year)s? to\b/i,
  principle:
    /^((general|common|core|cross-cutting|guiding) )?(principles|(best )?practices|pitfalls|rules|guidelines)\b|\badvice\b/i,
}

/** Returns the noun that a heading names, such as "Starter projects"; undefined for the heading of a category. */
export const otherNounOf = (title: string): OtherNoun | undefined =>
  (Object.keys(headings) as OtherNoun[]).find(noun => headings[noun].test(title)) // the keys of the table
