import { isDeepStrictEqual } from 'node:util'
import type { Test } from 'tap'
import { random, write } from './client.ts'

interface Page {
  data: { id: string; op: string; resource: { id: string } | null }[]
  page: { size: number; next: string }
}

/** Sends random writes while a follower of the change feed stops and starts at random; returns the number of successful writes. */
export const followWhileWriting = async (t: Test, address: string, count: number): Promise<number> => {
  const pick = random(23)
  const copy = new Map<string, object>()
  let next: string | undefined
  let done = false
  const follow = async (): Promise<boolean> => {
    const response = await fetch(
      `${address}/v1/changes?limit=${1 + pick(200)}${next === undefined ? '' : `&cursor=${next}`}`,
    )
    // The server is overloaded: try again.
    if (response.status === 503) return true
    const { data, page } = (await response.json()) as Page
    for (const { id, op, resource } of data)
      if (op === 'delete' || resource === null) copy.delete(id)
      else copy.set(id, resource)
    next = page.next
    return page.size > 0
  }
  const following = (async () => {
    while (!done) {
      // It reads a few pages and then pauses. Its only state is the copy and the cursor.
      for (let pages = pick(6); pages > 0; pages -= 1) await follow()
      await new Promise(resolve => setTimeout(resolve, pick(60)))
    }
    while (await follow());
  })()
  const succeeded = await writeAtRandom(address, count, pick)
  done = true
  await following
  const document = (await (await fetch(`${address}/v1/tracks/go/document`)).json()) as Record<
    string,
    { id: string }[] | { id: string }
  >
  const expected = new Map(
    Object.values(document)
      .flat()
      .map(one => [one.id, one]),
  )
  t.same([...copy.keys()].sort(), [...expected.keys()].sort())
  for (const [id, one] of expected) if (!isDeepStrictEqual(copy.get(id), one)) t.same(copy.get(id), one)
  return succeeded
}

const tiers = ['beginner', 'intermediate', 'senior']

const writeAtRandom = async (address: string, count: number, pick: (below: number) => number): Promise<number> => {
  let served = 0
  const skill = () => `s${pick(12)}`
  /** Returns these with a probability of one in `times`, else none. */
  const some = (times: number, ...these: string[]): string[] => (pick(times) === 0 ? these : [])
  for (let number = 0; number < count; number += 1) {
    const any = { 'if-match': '*' }
    const slug = skill()
    const related = [skill(), skill()].filter(one => one !== slug)
    const body = {
      title: `${number}`,
      category: `c${pick(3)}`,
      tier: tiers[pick(3)],
      related: some(3, ...new Set(related)),
      prerequisites: some(3, skill()),
    }
    const attempts = [
      () => write(address, 'PUT', `/v1/categories/go.c${pick(3)}`, { title: `${number}` }),
      () => write(address, 'PUT', `/v1/skills/go.${slug}`, body),
      () => write(address, 'PUT', `/v1/skills/go.${slug}`, body, any),
      () => write(address, 'PATCH', `/v1/skills/go.${slug}`, { summary: `${number}`, prerequisites: [] }, any),
      () => write(address, 'DELETE', `/v1/skills/go.${slug}`, undefined, any),
      () =>
        write(
          address,
          'PUT',
          `/v1/projects/go.p${pick(3)}`,
          { title: `${number}`, skills: [slug] },
          pick(2) === 0 ? any : {},
        ),
      () => write(address, 'DELETE', `/v1/projects/go.p${pick(3)}`, undefined, any),
      () => write(address, 'DELETE', `/v1/categories/go.c${pick(3)}`, undefined, any),
    ]
    const written = await (attempts[pick(attempts.length)] as () => ReturnType<typeof write>)()
    if (written !== undefined && written.status < 300) served += 1
    if (written === undefined || (written.status >= 500 && written.status !== 503))
      throw new Error(`write ${number}: ${written?.status} ${written?.body}`)
  }
  return served
}
