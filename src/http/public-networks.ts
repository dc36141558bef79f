import { type LookupAddress, lookup as systemLookup } from 'node:dns'
import { BlockList, isIP, type LookupFunction } from 'node:net'

/** Networks outside the public internet (IANA's registries of special-purpose addresses, RFC 6890): a receiver there would be internal. */
const reserved = [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '::/96',
  // Networks that embed an IPv4 address could reach any; BlockList checks mapped addresses as IPv4.
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  'fc00::/7',
  'fe80::/10',
  'ff00::/8',
]

/** Returns a predicate of the addresses that events may be sent to: public ones, and those in `allowed`. */
export const createAddressFilter = (allowed: readonly string[]): ((address: string) => boolean) => {
  const [reservedList, allowedList] = [blockListOf(reserved), blockListOf(allowed)]
  return address => {
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    return allowedList.check(address, family) || !reservedList.check(address, family)
  }
}

/**
 * Returns the IP address that a URL names without a DNS lookup: a literal, whose short, decimal, octal and hexadecimal forms the URL
 * parser has already normalised, or loopback for `localhost` and the names below it (RFC 6761, section 6.3).
 */
export const literalAddressOf = ({ hostname }: URL): string | undefined => {
  const host = hostname.replace(/^\[|\]$/g, '')
  if (isIP(host) !== 0) return host
  return /(^|\.)localhost\.?$/.test(host) ? '127.0.0.1' : undefined
}

/**
 * Returns a lookup that fails, with the error that `refuse` makes, when any address of the host is not allowed. The connection goes
 * to a checked address, so that DNS rebinding cannot reach a private network.
 */
export const createGuardedLookup =
  (
    isAllowed: (address: string) => boolean,
    refuse: (hostname: string, address: string) => Error,
    lookup: typeof systemLookup = systemLookup,
  ): LookupFunction =>
  (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
      if (error !== null) return callback(error, '', 0)
      const blocked = addresses.find(({ address }) => !isAllowed(address))
      return blocked === undefined ? callback(null, addresses) : callback(refuse(hostname, blocked.address), '', 0)
    })
  }

const blockListOf = (networks: readonly string[]): BlockList => {
  const list = new BlockList()
  for (const network of networks) {
    const [address = '', bits] = network.split('/')
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4'
    list.addSubnet(address, Number(bits ?? (family === 'ipv6' ? 128 : 32)), family)
  }
  return list
}
