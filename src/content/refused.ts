/** What was asked for cannot be done; the message tells the author why, and what can. */
export class Refused extends Error {
  override name = 'Refused'
}
