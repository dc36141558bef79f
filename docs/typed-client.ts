import type { paths } from './curriculum.ts' // npx openapi-typescript http://localhost:3000/openapi.json -o curriculum.ts

type Get<P extends keyof paths> = NonNullable<paths[P]['get']>
type OrEmpty<T> = [T] extends [undefined] ? object : NonNullable<T>
type Answer<T> = T extends { responses: { 200: { content: { 'application/json': infer Body } } } } ? Body : never
type Input<P extends keyof paths> = OrEmpty<Get<P>['parameters']['path']> & OrEmpty<Get<P>['parameters']['query']>

export const get = async <P extends keyof paths>(base: string, path: P, parameters: Input<P>) => {
  const { ref, ...query }: Record<string, unknown> = { ...parameters }
  const url = new URL(path.replace('{ref}', encodeURIComponent(String(ref))), base)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, String(value))
  const response = await fetch(url)
  if (!response.ok) throw new Error(`${response.status} ${await response.text()}`)
  return (await response.json()) as Answer<Get<P>>
}
