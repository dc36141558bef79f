/** Returns the address of the package or the list of a provider for the address of another of its documents. */
export const packageAddress = (source: string): string => {
  const url = /^https?:\/\//i.test(source) ? URL.parse(source) : null
  if (url === null) return source
  url.pathname = url.pathname
    .replace(/\/CFDocuments\/([^/]+)$/, '/CFPackages/$1')
    .replace(/(\/ims\/case\/v1p[01])\/?$/, '$1/CFDocuments')
  return url.href
}
