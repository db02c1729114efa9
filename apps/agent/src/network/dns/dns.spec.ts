import { createSocket } from 'node:dgram';
import { connect } from 'node:net';
import type { EndpointSlice, Service } from '@gantry/api';
import { silentLogger } from '@gantry/observability';
import * as packet from 'dns-packet';
import { DnsServer } from './dns-server';
import { Zone } from './zone';

const domain = 'cluster.local';

function service(name: string, spec: object): Service {
  return { metadata: { name, namespace: 'shop' }, spec } as unknown as Service;
}

function zone(headlessPods = 2): Zone {
  const endpoints = Array.from({ length: headlessPods }, (_, i) => ({
    addresses: [`10.244.1.${i + 1}`],
    hostname: i === 0 ? 'db-0' : undefined,
    conditions: { ready: true },
  }));
  const slice = {
    addressType: 'IPv4',
    metadata: { namespace: 'shop', labels: { 'kubernetes.io/service-name': 'db' } },
    ports: [{ name: 'sql', port: 5432, protocol: 'TCP' }],
    endpoints: [...endpoints, { addresses: ['10.244.9.9'], conditions: { ready: false } }],
  } as unknown as EndpointSlice;
  const services = [
    service('store', { clusterIP: '10.96.0.5', ports: [{ name: 'redis', port: 6379, protocol: 'TCP' }] }),
    service('db', { clusterIP: 'None' }),
    service('far', { type: 'ExternalName', externalName: 'db.example.org' }),
  ];
  return new Zone(domain, services, [slice]);
}

const data = (name: string, type: string): unknown => {
  const answer = zone().lookup(name, type);
  return typeof answer === 'string' ? answer : answer.records.map((record) => record.data);
};

describe('cluster names', () => {
  it.each([
    ['store.shop.svc.cluster.local', 'A', ['10.96.0.5']],
    ['STORE.shop.svc.Cluster.Local', 'A', ['10.96.0.5']],
    ['store.shop.svc.cluster.local', 'AAAA', []],
    ['_redis._tcp.store.shop.svc.cluster.local', 'SRV', [expect.objectContaining({ port: 6379 })]],
    ['db.shop.svc.cluster.local', 'A', ['10.244.1.1', '10.244.1.2']],
    ['db-0.db.shop.svc.cluster.local', 'A', ['10.244.1.1']],
    ['10-244-1-2.db.shop.svc.cluster.local', 'A', ['10.244.1.2']],
    ['far.shop.svc.cluster.local', 'A', ['db.example.org']],
    ['10-244-7-8.shop.pod.cluster.local', 'A', ['10.244.7.8']],
    ['5.0.96.10.in-addr.arpa', 'PTR', ['store.shop.svc.cluster.local']],
    ['svc.cluster.local', 'A', []],
    ['gone.shop.svc.cluster.local', 'A', 'unknown'],
    ['store.shop.svc.cluster.local.shop.svc.cluster.local', 'A', 'unknown'],
    ['example.org', 'A', 'elsewhere'],
    ['9.9.9.9.in-addr.arpa', 'PTR', 'elsewhere'],
  ])('%s %s', (name, type, expected) => {
    expect(data(name, type)).toEqual(expected);
  });
});

describe('the DNS server', () => {
  let server: DnsServer;
  let current: Zone | undefined;

  beforeEach(async () => {
    current = zone();
    server = await listenAnywhere(() =>
      DnsServer.listen({ address: '127.0.0.1', port: 0, domain }, () => current, silentLogger),
    );
  });
  afterEach(() => server.close());

  const query = (name: string, type: packet.RecordType = 'A'): Buffer =>
    packet.encode({ type: 'query', id: 7, flags: packet.RECURSION_DESIRED, questions: [{ name, type }] });

  async function askUdp(message: Buffer): Promise<packet.DecodedPacket> {
    const socket = createSocket('udp4');
    try {
      return await new Promise((resolve) => {
        socket.once('message', (answer) => {
          resolve(packet.decode(answer));
        });
        socket.send(message, server.port, '127.0.0.1');
      });
    } finally {
      socket.close();
    }
  }

  function askTcp(message: Buffer): Promise<packet.DecodedPacket> {
    return new Promise((resolve, reject) => {
      const socket = connect(server.port, '127.0.0.1', () =>
        socket.write(packet.streamEncode({ ...packet.decode(message) })),
      );
      let received = Buffer.alloc(0);
      socket.on('error', reject).on('data', (chunk) => {
        received = Buffer.concat([received, chunk]);
        if (received.length < 2 || received.length < 2 + received.readUInt16BE(0)) return;
        socket.destroy();
        resolve(packet.streamDecode(received) as packet.DecodedPacket);
      });
    });
  }

  it('answers with authority', async () => {
    const answer = await askUdp(query('store.shop.svc.cluster.local'));
    expect(answer).toMatchObject({ id: 7, flag_aa: true, rcode: 'NOERROR', answers: [{ data: '10.96.0.5' }] });
  });

  it('tells a missing name, with how long to believe it, from a name that lies elsewhere', async () => {
    const missing = await askUdp(query('gone.shop.svc.cluster.local'));
    expect(missing).toMatchObject({ rcode: 'NXDOMAIN', authorities: [{ type: 'SOA', name: domain }] });
    expect(await askUdp(query('example.org'))).toMatchObject({ rcode: 'REFUSED' });
  });

  it('does not deny names before it knows any', async () => {
    current = undefined;
    expect(await askUdp(query('store.shop.svc.cluster.local'))).toMatchObject({ rcode: 'SERVFAIL' });
  });

  it('sends long answers over TCP only', async () => {
    current = zone(100);
    const short = await askUdp(query('db.shop.svc.cluster.local'));
    expect(short).toMatchObject({ flag_tc: true, answers: [] });
    expect((await askTcp(query('db.shop.svc.cluster.local'))).answers).toHaveLength(100);
  });

  it('is not hurt by garbage', async () => {
    const socket = createSocket('udp4');
    socket.send(Buffer.from([1, 2, 3]), server.port, '127.0.0.1');
    expect(await askUdp(query('store.shop.svc.cluster.local'))).toMatchObject({ rcode: 'NOERROR' });
    socket.close();
  });
});

/** The system chooses a port for UDP; that port may be taken for TCP, by another test say. */
async function listenAnywhere(listen: () => Promise<DnsServer>, tries = 10): Promise<DnsServer> {
  try {
    return await listen();
  } catch (error) {
    if (tries === 1 || (error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    return listenAnywhere(listen, tries - 1);
  }
}
