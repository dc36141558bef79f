/** The number of rounds of each fault in `npm run test:faults`. */
export const rounds = Number(process.env.FAULT_ROUNDS ?? 100)
