import fc from 'fast-check';
import { decodeProtobuf } from './decode-protobuf';

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}

const number = (field: number, value: number): Buffer => Buffer.concat([varint(field << 3), varint(value)]);
function bytes(field: number, ...parts: (Buffer | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([varint((field << 3) | 2), varint(content.length), content]);
}
const entry = (field: number, key: string, value: string): Buffer => bytes(field, bytes(1, key), bytes(2, value));
const envelope = (apiVersion: string, kind: string, ...object: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from('k8s\0'), bytes(1, bytes(1, apiVersion), bytes(2, kind)), bytes(2, ...object)]);

describe('decodeProtobuf', () => {
  it('reads texts, maps and bytes; what is empty is absent', () => {
    const metadata = bytes(1, bytes(1, 'c'), bytes(3, ''), bytes(8), entry(11, 'a', 'b'));
    const object = envelope('v1', 'ConfigMap', metadata, entry(2, 'k', 'v'), entry(3, 'bin', 'xyz'));
    expect(decodeProtobuf(object)).toEqual({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'c', labels: { a: 'b' } },
      data: { k: 'v' },
      binaryData: { bin: 'eHl6' },
    });
  });

  it('reads numbers, of which some mean something when they are zero', () => {
    const spec = bytes(2, number(1, 0), number(5, 0), number(7, 0), number(9, -1));
    expect(decodeProtobuf(envelope('apps/v1', 'Deployment', spec))).toMatchObject({
      spec: { replicas: 0, progressDeadlineSeconds: -1 },
    });
  });

  it('reads lists and ports by name or number', () => {
    const named = bytes(1, bytes(1, 'web'), number(3, 80), bytes(4, number(1, 1), number(2, 0), bytes(3, 'http')));
    const numbered = bytes(1, number(3, 81), bytes(4, number(1, 0), number(2, 8081), bytes(3, '')));
    expect(decodeProtobuf(envelope('v1', 'Service', bytes(2, named, numbered)))).toMatchObject({
      spec: {
        ports: [
          { name: 'web', port: 80, targetPort: 'http' },
          { port: 81, targetPort: 8081 },
        ],
      },
    });
  });

  it('reads quantities, times and what Go embeds', () => {
    const resources = bytes(8, bytes(2, bytes(1, 'cpu'), bytes(2, bytes(1, '100m'))));
    const env = bytes(7, bytes(1, 'E'), bytes(3, bytes(4, bytes(1, bytes(1, 'sec')), bytes(2, 'key'))));
    const spec = bytes(2, bytes(2, bytes(1, 'main'), resources, env));
    const metadata = bytes(1, bytes(8, number(1, 1_700_000_000), number(2, 0)));
    expect(decodeProtobuf(envelope('v1', 'Pod', metadata, spec))).toMatchObject({
      metadata: { creationTimestamp: '2023-11-14T22:13:20Z' },
      spec: {
        containers: [
          {
            name: 'main',
            resources: { requests: { cpu: '100m' } },
            env: [{ name: 'E', valueFrom: { secretKeyRef: { name: 'sec', key: 'key' } } }],
          },
        ],
      },
    });
  });

  it.each([
    ['bytes without the mark', Buffer.from('{}'), 'not in Kubernetes’ protobuf encoding'],
    [
      'cut-off bytes',
      envelope('v1', 'ConfigMap', bytes(1, 'x')).subarray(0, 20),
      "couldn't parse the body as protobuf",
    ],
    ['kinds it does not know', envelope('x.io/v1', 'Thing'), 'unknown format'],
  ])('refuses %s', (_, body, message) => {
    expect(() => decodeProtobuf(body)).toThrow(message);
  });

  it('never fails otherwise, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (noise) => {
        try {
          decodeProtobuf(envelope('v1', 'Pod', Buffer.from(noise)));
        } catch (error) {
          expect(error).toMatchObject({ name: 'StatusError', code: 400 });
        }
      }),
    );
  });
});
