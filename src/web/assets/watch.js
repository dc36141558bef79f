// Asks every second whether the page has changed, and shows the new one in the same place.
const tag = async () => (await fetch(location.pathname, { method: 'HEAD', cache: 'no-store' })).headers.get('etag')
let first
setInterval(async () => {
  const now = await tag().catch(() => null)
  first ??= now
  if (now !== null && now !== first) location.reload()
}, 1000)
