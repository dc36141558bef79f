/** How often each fault is tried in earnest. */
export const rounds = Number(process.env.FAULT_ROUNDS ?? 100)
