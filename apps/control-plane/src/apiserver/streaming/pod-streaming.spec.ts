import { once } from 'node:events';
import { get } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { StreamingCluster } from './testing/streaming-cluster';

describe('PodStreaming', () => {
  let cluster: StreamingCluster;

  beforeEach(async () => {
    cluster = await StreamingCluster.start();
    cluster.addPod('web');
    cluster.addPod('two', ['a', 'b']);
    cluster.addPod('elsewhere');
    cluster.pods.get('elsewhere')!.spec.nodeName = 'node-9';
    cluster.addPod('unplaced');
    delete cluster.pods.get('unplaced')!.spec.nodeName;
  });

  afterEach(() => cluster.stop());

  const url = (path: string): string => `${cluster.url}/api/v1/namespaces/default/pods/${path}`;

  async function fetchText(path: string): Promise<{ status: number; body: string }> {
    const response = await fetch(url(path));
    return { status: response.status, body: await response.text() };
  }

  /** Connects a WebSocket, or resolves to what the server answered instead. */
  async function dial(
    path: string,
    protocol: string,
  ): Promise<{ socket: WebSocket; messages: Buffer[]; refusal?: string }> {
    const socket = new WebSocket(url(path).replace('http', 'ws'), protocol);
    const messages: Buffer[] = [];
    socket.on('message', (message: Buffer) => messages.push(message));
    socket.on('error', () => undefined);
    const refusal = new Promise<string>((resolve) => {
      socket.once('unexpected-response', (_request, response) => {
        void text(response).then(resolve);
      });
    });
    return { socket, messages, refusal: await Promise.race([refusal, once(socket, 'open').then(() => undefined)]) };
  }

  const until = async (condition: () => boolean | Promise<boolean>): Promise<void> => {
    for (let i = 0; i < 300 && !(await condition()); i++) await new Promise((resolve) => setTimeout(resolve, 10));
    expect(await condition()).toBe(true);
  };

  it.each([
    ['none/log', 404, 'pods \\"none\\" not found'],
    ['two/log', 400, 'a container name must be specified for pod two, choose one of: [a b]'],
    ['unplaced/log', 400, 'pod unplaced does not have a host assigned'],
    ['elsewhere/log', 500, 'error dialing backend: node node-9 is not connected'],
    ['web/exec?command=ls&stdout=true', 400, 'Upgrade request required'],
  ])('answers %s with a Status', async (path, status, message) => {
    const answer = await fetchText(path);
    expect(answer.status).toBe(status);
    expect(answer.body).toContain(message);
  });

  it.each([
    [
      'web/exec?command=ls&stdout=true',
      'v1.channel.k8s.io',
      'none of the WebSocket subprotocols [v1.channel.k8s.io] is supported',
    ],
    ['web/exec?command=ls', 'v5.channel.k8s.io', 'you must specify at least 1 of stdin, stdout, stderr'],
    ['two/attach?stdout=true', 'v5.channel.k8s.io', 'a container name must be specified'],
    ['web/portforward', 'v4.channel.k8s.io', 'query parameter \\"ports\\" is required'],
    ['web/log', 'v4.channel.k8s.io', 'logs are read with a plain GET'],
  ])('refuses the upgrade of %s as %s', async (path, protocol, message) => {
    expect((await dial(path, protocol)).refusal).toContain(message);
  });

  it('a slow reader holds a process back instead of filling memory, and counts as a stream', async () => {
    const { socket } = await dial('web/exec?command=yes&stdout=true', 'v5.channel.k8s.io');
    socket.pause();
    await until(() => cluster.actions.running === 1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    const before = process.memoryUsage().arrayBuffers;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 << 20);
    socket.terminate();
    await until(() => cluster.actions.running === 0);
  });

  it.each([
    ['a message larger than allowed', Buffer.alloc(5 << 20)],
    ['a terminal size that is not JSON', Buffer.from('\u0004{rows}')],
  ])('ends the process of a client that sends %s', async (_, message) => {
    const { socket } = await dial(
      'web/exec?command=sleep&command=60&stdout=true&stdin=true&tty=true',
      'v5.channel.k8s.io',
    );
    await until(() => cluster.actions.running === 1);
    socket.send(message);
    await once(socket, 'close');
    await until(() => cluster.actions.running === 0);
  });

  it('half-closes stdin with the close signal of v5', async () => {
    const { socket, messages } = await dial('web/exec?command=cat&stdin=true&stdout=true', 'v5.channel.k8s.io');
    socket.send(Buffer.from('\0hello'));
    socket.send(Buffer.from([255, 0]));
    await once(socket, 'close');
    const of = (channel: number): string =>
      Buffer.concat(messages.filter(([first]) => first === channel).map((m) => m.subarray(1))).toString();
    expect(of(1)).toBe('hello');
    expect(JSON.parse(of(3))).toMatchObject({ status: 'Success' });
  });

  it('forwards ports over channels, as the JavaScript client does', async () => {
    const server = createServer((connection) => connection.end('greetings')).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const { socket, messages } = await dial(`web/portforward?ports=${port},1`, 'v4.channel.k8s.io');
    await once(socket, 'close');
    const channels = [0, 1, 2, 3].map((channel) =>
      messages
        .filter(([first]) => first === channel)
        .map((message) => message.toString('latin1', 1))
        .join(''),
    );
    const prefix = String.fromCharCode(port & 255, port >> 8);
    expect(channels.slice(0, 3)).toEqual([`${prefix}greetings`, prefix, '\u0001\0']);
    expect(channels[3]).toContain('error forwarding port 1 to pod web');
    server.close();
  });

  it('a user who leaves a followed log ends it on the node', async () => {
    cluster.actions.logLines = [{ stream: 'stdout', time: '', bytes: Buffer.from('first\n') }];
    const request = get(url('web/log?follow=true'));
    const [response] = (await once(request, 'response')) as [NodeJS.ReadableStream];
    await once(response, 'data');
    request.destroy();
    await once(cluster.actions.followed, 'close');
  });

  it('an agent that goes away ends its users’ streams', async () => {
    const { socket, messages } = await dial('web/exec?command=sleep&command=60&stdout=true', 'v5.channel.k8s.io');
    await until(async () => (await cluster.metrics.text()).includes('gantry_node_streams{action="exec"} 1'));
    cluster.agent.close();
    await once(socket, 'close');
    expect(messages.at(-1)!.toString()).toContain('InternalError');
  });

  it('an agent that goes away while a stream is wanted is told at once', async () => {
    let asked = false;
    cluster.agent.onOpenStream(() => (asked = true));
    const answer = fetchText('web/log');
    await until(() => asked);
    cluster.agent.close();
    expect((await answer).body).toContain('error dialing backend: the connection to node node-1 was lost');
  });
});
