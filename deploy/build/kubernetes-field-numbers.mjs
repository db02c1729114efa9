// Writes the protobuf field numbers of the built-in kinds, as the descriptors inside a kubectl binary have them:
//   node deploy/build/kubernetes-field-numbers.mjs $(readlink -f $(which kubectl))
// Run it again when kinds are added. The numbers are Kubernetes' wire format and never change.
import { readFileSync, writeFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

const TARGET = 'apps/control-plane/src/apiserver/http/protobuf/field-numbers.json';
const ROOTS = [
  ...['Namespace', 'ConfigMap', 'Secret', 'ServiceAccount', 'Service', 'Endpoints', 'Event', 'Binding'].map(
    (k) => `core.v1.${k}`,
  ),
  ...['Pod', 'PodTemplate', 'Node'].map((kind) => `core.v1.${kind}`),
  'apps.v1.Deployment',
  'apps.v1.ReplicaSet',
  'autoscaling.v1.Scale',
  'coordination.v1.Lease',
  'discovery.v1.EndpointSlice',
  'policy.v1.Eviction',
  'meta.v1.DeleteOptions',
];

function* fields(bytes) {
  let at = 0;
  const varint = () => {
    for (let value = 0, scale = 1; ; scale *= 128) {
      const byte = bytes[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    if ((tag & 7) === 0) yield [tag >>> 3, varint()];
    else {
      const length = varint();
      yield [tag >>> 3, bytes.subarray(at, (at += length))];
    }
  }
}
const all = (bytes, number) => [...fields(bytes)].filter(([n]) => n === number).map(([, value]) => value);
const text = (bytes, number) => all(bytes, number)[0]?.toString() ?? '';

/** `.k8s.io.api.core.v1.Pod` → `core.v1.Pod`. */
const shortName = (name) =>
  name.replace(/^\.?k8s\.io\.(api|apimachinery\.pkg\.apis|apimachinery\.pkg)\./, '').replace(/^(api|util)\./, '');

function descriptors(binary) {
  const messages = new Map();
  const magic = Buffer.from([0x1f, 0x8b, 0x08]);
  for (let at = binary.indexOf(magic); at >= 0; at = binary.indexOf(magic, at + 1)) {
    let file;
    try {
      file = gunzipSync(binary.subarray(at, at + 400_000));
    } catch {
      continue;
    }
    if (file[0] !== 0x0a || !file.subarray(0, 80).includes('k8s.io/api')) continue;
    const scope = text(file, 2);
    for (const message of all(file, 4)) addMessage(messages, `${scope}.${text(message, 1)}`, message);
  }
  return messages;
}

function addMessage(messages, name, message) {
  messages.set(
    shortName(name),
    all(message, 2).map((field) => ({
      name: text(field, 1),
      number: all(field, 3)[0],
      repeated: all(field, 4)[0] === 3,
      type: all(field, 5)[0],
      of: shortName(text(field, 6)),
    })),
  );
  for (const nested of all(message, 3)) addMessage(messages, `${name}.${text(nested, 1)}`, nested);
}

const SCALARS = { 1: 'double', 3: 'int', 5: 'int', 8: 'bool', 9: 'string', 12: 'bytes' };
// Go embeds these structs: in JSON their fields are those of the message around them.
const EMBEDDED = new Set(['localObjectReference', 'ephemeralContainerCommon', 'handler', 'volumeSource']);
const messages = descriptors(readFileSync(process.argv[2]));
const table = {};
const plain = (field) => SCALARS[field.type] ?? visit(field.of);

function describe(field) {
  if (/Entry$/.test(field.of)) return `map ${plain(messages.get(field.of).find(({ number }) => number === 2))}`;
  if (EMBEDDED.has(field.name)) return `embedded ${plain(field)}`;
  return field.repeated ? `list ${plain(field)}` : plain(field);
}

function visit(name) {
  if (table[name]) return name;
  if (!messages.has(name)) throw new Error(`no descriptor of ${name}`);
  const entry = (table[name] = {});
  for (const field of messages.get(name)) entry[field.number] = `${field.name} ${describe(field)}`;
  return name;
}

for (const root of ROOTS) visit(root);
const sorted = Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(TARGET, JSON.stringify(sorted, null, 1) + '\n');
console.log(`${Object.keys(table).length} messages`);
