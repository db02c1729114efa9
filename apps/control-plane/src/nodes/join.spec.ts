import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock, type Clock } from '@gantry/base';
import { Metrics, silentLogger } from '@gantry/observability';
import { ClusterSettings } from '@gantry/rpc';
import { IdentityKeeper } from '../../../agent/src/session/identity-keeper';
import { joinCluster, type JoinSettings } from '../../../agent/src/session/join';
import { CertificateAuthority } from '../auth/pki/authority';
import { NodeGateway } from './gateway';
import { NodeJoin } from './join';
import { SettingJoinToken } from './join-tokens';

const HOUR = 3600_000;

describe('NodeJoin', () => {
  const signer = { certificate: 'ca', signRequest: () => Promise.resolve('signed') };
  const joining = new NodeJoin(new SettingJoinToken('token'), signer, ClusterSettings.create());

  it.each([
    ['is no PEM', 'x', 'is not PKCS#10 in PEM'],
    ['is empty', '', 'is not PKCS#10 in PEM'],
  ])('refuses a request that %s', async (_, certificateRequest, message) => {
    await expect(joining.join({ token: 'token', nodeName: 'n', certificateRequest }, undefined)).rejects.toThrow(
      message,
    );
  });

  it('admits nobody without a token set, not even with an empty one', async () => {
    expect(await new SettingJoinToken(undefined).accepts('')).toBe(false);
    expect(await new SettingJoinToken('').accepts('')).toBe(false);
  });
});

describe('IdentityKeeper', () => {
  let directory: string;
  let gateway: NodeGateway;
  let authority: CertificateAuthority;
  let now: number;
  const clock: Clock = { ...systemClock, now: () => now };

  beforeEach(async () => {
    now = systemClock.now();
    directory = await mkdtemp(join(tmpdir(), 'keeper-'));
    authority = await CertificateAuthority.load(await CertificateAuthority.generate('ca', 99 * HOUR, clock), clock);
    gateway = await NodeGateway.listen({
      address: '127.0.0.1',
      port: 0,
      serving: await authority.issue({
        usage: 'server',
        commonName: 'gateway',
        hosts: ['kubernetes.default.svc'],
        lifetime: 99 * HOUR,
      }),
      signer: authority,
      tokens: new SettingJoinToken('token'),
      settings: ClusterSettings.create(),
      serverVersion: 'v1',
      transport: () => {
        throw new Error('no session here');
      },
      clock,
      metrics: new Metrics(),
      log: silentLogger,
      certificateLifetime: 3 * HOUR,
    });
  });

  afterEach(async () => {
    await gateway.close();
    await rm(directory, { recursive: true });
  });

  async function keeper(over: Partial<JoinSettings> = {}): Promise<IdentityKeeper> {
    const settings: JoinSettings = {
      nodeName: 'node-1',
      servers: ['localhost:1', `localhost:${gateway.port}`],
      token: 'token',
      certificateAuthority: authority.certificate,
      directory,
      clock,
      log: silentLogger,
      ...over,
    };
    const identity = await joinCluster(settings);
    const kept = new IdentityKeeper({ ...settings, token: undefined }, identity);
    kept.close();
    return kept;
  }

  it('renews when two thirds have passed, without a token, on whichever server answers', async () => {
    const kept = await keeper();
    const first = await kept.current();
    now += 1.8 * HOUR;
    await kept.renewIfDue();
    expect(await kept.current()).toBe(first);
    now += 0.3 * HOUR;
    await kept.renewIfDue();
    expect((await kept.current()).certificate).not.toBe(first.certificate);
  });

  it('keeps the old one while no server answers', async () => {
    const kept = await keeper();
    const first = await kept.current();
    await gateway.close();
    now += 2.5 * HOUR;
    await kept.renewIfDue();
    expect(await kept.current()).toBe(first);
  });

  it('an expired one is worth nothing: without a token the node is refused', async () => {
    const kept = await keeper({ servers: [`localhost:${gateway.port}`] });
    now += 4 * HOUR;
    await expect(kept.current()).rejects.toThrow('the cluster refuses node node-1');
  });
});
