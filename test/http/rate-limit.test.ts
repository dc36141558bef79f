import t from 'tap'
import { clientKey } from '../../src/http/rate-limit.ts'

t.test(
  'a client of the rate limit is an IPv4 address or an IPv6 network of 64 bits, however it is written',
  async t => {
    for (const [address, client] of [
      ['192.0.2.1', '192.0.2.1'],
      ['::ffff:192.0.2.1', '192.0.2.1'],
      ['::FFFF:c000:201', '192.0.2.1'],
      ['0:0:0:0:0:ffff:192.0.2.1', '192.0.2.1'],
      ['2001:db8::1', '2001:db8:0:0'],
      ['2001:0DB8:0000:0000:ffff:ffff:ffff:ffff', '2001:db8:0:0'],
      ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
      ['2001:db8:0:2::', '2001:db8:0:2'],
      ['::2:3:4:5:6:7', '0:0:2:3'],
      ['1::3:4:5:6:7:8', '1:0:3:4'],
      ['fe80::1%eth0', 'fe80:0:0:0'],
      ['::1', '0:0:0:0'],
      ['::192.0.2.1', '0:0:0:0'],
      ['unknown', 'unknown'],
    ] as const)
      t.equal(clientKey(address), client, address)
  },
)
