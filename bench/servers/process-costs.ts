import { readFileSync } from 'node:fs'

/** The CPU time and memory of a process and its children. Linux only; elsewhere every figure is NaN and printed as a dash. */
export interface Costs {
  /** CPU time of all threads, in microseconds. */
  cpu: number
  /** Resident memory, in MiB. */
  memory: number
}

export const costsOf = (pid: number): Costs => {
  const family = withChildren(pid)
  const sum = (one: (pid: number) => number) => family.reduce((total, member) => total + one(member), 0)
  return { cpu: sum(cpuOf), memory: sum(memoryOf) }
}

const withChildren = (pid: number): number[] => {
  const children = read(`/proc/${pid}/task/${pid}/children`).split(' ').filter(Boolean).map(Number)
  return [pid, ...children.flatMap(withChildren)]
}

/** Linux counts in hundredths of a second whatever the kernel's own clock is (USER_HZ). */
const tick = 10_000

/** User and system time are the 14th and 15th field of `stat`; the second is the name, in brackets, with any character in it. */
const cpuOf = (pid: number): number => {
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11] ?? Number.NaN) + Number(fields[12] ?? Number.NaN)) * tick
}

const memoryOf = (pid: number): number =>
  Number(/^VmRSS:\s+(\d+) kB/m.exec(read(`/proc/${pid}/status`))?.[1] ?? Number.NaN) / 1_024

const read = (file: string): string => {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
