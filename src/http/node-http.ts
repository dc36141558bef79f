/** `node:http`, whose import would read all of its exports: one of them loads undici (`WebSocket`), which takes 3 MB and 40 ms. */
export const { createServer, METHODS, request, STATUS_CODES } = process.getBuiltinModule('node:http')
