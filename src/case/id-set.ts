/** Many UUIDs in little memory: eight bytes each. Of a few million, one that is not in it may seem to be, which costs a look. */
export interface IdSet {
  has(id: string): boolean
}

export const idSet = (ids: readonly string[]): IdSet => {
  const numbers = Float64Array.from(ids, numberOf).sort()
  return {
    has: id => {
      const sought = numberOf(id)
      let [from, to] = [0, numbers.length]
      while (from < to) {
        const middle = (from + to) >> 1
        if (Number(numbers[middle]) < sought) from = middle + 1
        else to = middle
      }
      return numbers[from] === sought
    },
  }
}

/** The first 48 bits, which a number holds exactly. */
const numberOf = (id: string): number => Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
