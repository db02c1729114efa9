import { createSocket, type Socket } from 'node:dgram';
import { createServer, type Server } from 'node:net';
import type { Closeable } from '@gantry/base';
import type { Logger } from '@gantry/observability';
import * as packet from 'dns-packet';
import type { DnsRecord, Zone } from './zone';

/** Seconds that resolvers may keep an answer: short, since endpoints come and go. */
const TTL = 5;
// RFC 1035, 4.2.1: what an answer over UDP may hold unless the client says otherwise (RFC 6891).
const UDP_LIMIT = 512;
const RCODE = { noError: 0, serverFailure: 2, unknownName: 3, refused: 5 };
const AUTHORITATIVE = packet.AUTHORITATIVE_ANSWER;

export interface DnsServerSettings {
  address: string;
  port: number;
  domain: string;
}

/** Answers the cluster's names over UDP and TCP; names that lie elsewhere are refused, so that resolvers ask others. */
export class DnsServer implements Closeable {
  private constructor(
    private readonly settings: DnsServerSettings,
    private readonly zone: () => Zone | undefined,
    private readonly udp: Socket,
    private readonly tcp: Server,
    private readonly log: Logger,
  ) {}

  static async listen(settings: DnsServerSettings, zone: () => Zone | undefined, log: Logger): Promise<DnsServer> {
    const server = new DnsServer(settings, zone, createSocket({ type: 'udp4', reuseAddr: true }), createServer(), log);
    server.serve();
    await new Promise<void>((resolve, reject) => {
      server.udp.once('error', reject).bind(settings.port, settings.address, () => {
        resolve();
      });
    });
    // Port 0 is for tests: TCP then takes the port that UDP was given.
    try {
      await new Promise<void>((resolve, reject) => {
        server.tcp.once('error', reject).listen(server.port, settings.address, resolve);
      });
    } catch (error) {
      server.udp.close();
      throw error;
    }
    return server;
  }

  get port(): number {
    return this.udp.address().port;
  }

  async close(): Promise<void> {
    this.udp.close();
    await new Promise<void>((resolve) =>
      this.tcp.close(() => {
        resolve();
      }),
    );
  }

  private serve(): void {
    this.udp.on('message', (message, from) => {
      const answer = this.answer(message, true);
      if (answer) this.udp.send(answer, from.port, from.address);
    });
    this.tcp.on('connection', (socket) => {
      let pending = Buffer.alloc(0);
      socket.setTimeout(10_000, () => socket.destroy());
      socket.on('error', () => socket.destroy());
      socket.on('data', (chunk) => {
        pending = Buffer.concat([pending, chunk]);
        while (pending.length >= 2 && pending.length >= 2 + pending.readUInt16BE(0)) {
          const end = 2 + pending.readUInt16BE(0);
          const answer = this.answer(pending.subarray(2, end), false);
          pending = pending.subarray(end);
          if (!answer) return void socket.destroy();
          const length = Buffer.alloc(2);
          length.writeUInt16BE(answer.length);
          socket.write(Buffer.concat([length, answer]));
        }
      });
    });
  }

  private answer(message: Buffer, udp: boolean): Buffer | undefined {
    let query: packet.DecodedPacket;
    try {
      query = packet.decode(message);
    } catch (error) {
      this.log.debug({ err: error }, 'a DNS message that cannot be read');
      return undefined;
    }
    const [question] = query.questions ?? [];
    if (query.type !== 'query' || !question) return undefined;
    const full = packet.encode(this.reply(query, question));
    const limit = query.additionals?.find((record) => record.type === 'OPT')?.udpPayloadSize ?? UDP_LIMIT;
    if (!udp || full.length <= limit) return full;
    return packet.encode({ ...base(query, question), flags: AUTHORITATIVE | packet.TRUNCATED_RESPONSE });
  }

  private reply(query: packet.DecodedPacket, question: packet.Question): packet.Packet {
    const zone = this.zone();
    // "I don't know yet" must not be taken for "there is no such name".
    if (!zone) return { ...base(query, question), flags: RCODE.serverFailure };
    const found = zone.lookup(question.name, question.type);
    if (found === 'elsewhere') return { ...base(query, question), flags: RCODE.refused };
    const flags = AUTHORITATIVE | (found === 'unknown' ? RCODE.unknownName : RCODE.noError);
    const records = found === 'unknown' ? [] : found.records;
    if (records.length === 0) return { ...base(query, question), flags, authorities: [this.startOfAuthority()] };
    return { ...base(query, question), flags, answers: shuffled(records).map((record) => ({ ...record, ttl: TTL })) };
  }

  // Tells resolvers how long a "no" may be kept (RFC 2308).
  private startOfAuthority(): packet.Answer {
    const { domain } = this.settings;
    return {
      type: 'SOA',
      name: domain,
      ttl: TTL,
      data: {
        mname: `ns.dns.${domain}`,
        rname: `hostmaster.${domain}`,
        serial: 1,
        refresh: 7200,
        retry: 1800,
        expire: 86400,
        minimum: TTL,
      },
    };
  }
}

function base(query: packet.DecodedPacket, question: packet.Question): packet.Packet {
  return { type: 'response', id: query.id, questions: [question] };
}

// Many clients take the first address: each answer starts somewhere else.
let turn = 0;
function shuffled(records: DnsRecord[]): DnsRecord[] {
  if (records.length < 2) return records;
  const start = turn++ % records.length;
  return [...records.slice(start), ...records.slice(0, start)];
}
