import type { ConfigMap, Container, Pod, Secret, Service } from '@gantry/api';
import { environment, type PodReferences } from './environment';
import type { PodFacts } from './field-ref';

const pod = {
  metadata: { name: 'p', namespace: 'shop', uid: 'u', labels: { app: 'x', tier: 'y' } },
  spec: { containers: [], serviceAccountName: 'robot' },
} as unknown as Pod;
const node = { name: 'n1', ip: '10.0.0.7', allocatable: { cpu: '4', memory: '8Gi' } };
const facts: PodFacts = { pod, node, podIps: ['10.1.0.5'] };
const base64 = (text: string): string => Buffer.from(text).toString('base64');
const references: PodReferences = {
  configMap: (name) =>
    name === 'settings' ? ({ data: { COLOR: 'red', 'a.b': '1' } } as unknown as ConfigMap) : undefined,
  secret: (name) => (name === 'keys' ? ({ data: { PASSWORD: base64('hush') } } as unknown as Secret) : undefined),
};

function variables(container: object, services: Service[] = []): Record<string, string> {
  const c = { name: 'c', ...container } as Container;
  const withIt = { ...facts, pod: { ...pod, spec: { ...pod.spec, containers: [c] } } };
  return Object.fromEntries(environment({ container: c, facts: withIt, references, services }));
}

const service = (namespace: string, name: string, ports: object[], clusterIP = '10.96.0.5'): Service =>
  ({ metadata: { namespace, name }, spec: { clusterIP, ports } }) as unknown as Service;

describe('environment', () => {
  it('takes the later over the earlier, and values may name what came before', () => {
    const env = [
      { name: 'COLOR', value: 'blue' },
      { name: 'PAINT', value: '$(COLOR)-$(PASSWORD)-$(LATER)' },
      { name: 'LATER', value: '1' },
    ];
    const envFrom = [{ configMapRef: { name: 'settings' } }, { secretRef: { name: 'keys' } }];
    expect(variables({ env, envFrom })).toMatchObject({ COLOR: 'blue', PAINT: 'blue-hush-$(LATER)', 'a.b': '1' });
  });

  it.each([
    ['metadata.name', 'p'],
    ["metadata.labels['app']", 'x'],
    ['metadata.labels', 'app="x"\ntier="y"'],
    ['spec.nodeName', 'n1'],
    ['spec.serviceAccountName', 'robot'],
    ['status.hostIP', '10.0.0.7'],
    ['status.podIP', '10.1.0.5'],
  ])('knows the field %s', (fieldPath, value) => {
    expect(variables({ env: [{ name: 'F', valueFrom: { fieldRef: { fieldPath } } }] })).toEqual({ F: value });
  });

  it.each([
    ['limits.cpu', undefined, '4'],
    ['limits.cpu', '1m', '4000'],
    ['requests.cpu', undefined, '1'],
    ['requests.memory', '1Mi', '20'],
    ['limits.memory', '1Gi', '8'],
  ])('tells %s in units of %s, rounded up', (resource, divisor, value) => {
    const env = [{ name: 'R', valueFrom: { resourceFieldRef: { resource, divisor } } }];
    const resources = { requests: { cpu: '250m', memory: '20Mi' } };
    expect(variables({ env, resources })).toEqual({ R: value });
  });

  it.each([
    [{ configMapKeyRef: { name: 'none', key: 'a' } }, 'configmap "none" not found'],
    [{ configMapKeyRef: { name: 'settings', key: 'a' } }, "couldn't find key a in ConfigMap shop/settings"],
    [{ secretKeyRef: { name: 'none', key: 'a' } }, 'secret "none" not found'],
    [{ secretKeyRef: { name: 'keys', key: 'a' } }, "couldn't find key a in Secret shop/keys"],
  ])('says what is missing for %j, unless it is optional', (valueFrom, message) => {
    expect(() => variables({ env: [{ name: 'A', valueFrom }] })).toThrow(message);
    const [[kind, selector]] = Object.entries(valueFrom) as [[string, object]];
    expect(variables({ env: [{ name: 'A', valueFrom: { [kind]: { ...selector, optional: true } } }] })).toEqual({});
  });

  it('names the services of its own namespace, and the API', () => {
    const services = [
      service('shop', 'my-store', [{ name: 'redis', port: 6379 }]),
      service('other', 'hidden', [{ port: 1 }]),
      service('shop', 'headless', [{ port: 1 }], 'None'),
      service('default', 'kubernetes', [{ port: 443 }], '10.96.0.1'),
    ];
    const seen = variables({}, services);
    expect(seen).toMatchObject({
      MY_STORE_SERVICE_HOST: '10.96.0.5',
      MY_STORE_SERVICE_PORT_REDIS: '6379',
      MY_STORE_PORT_6379_TCP_ADDR: '10.96.0.5',
      KUBERNETES_SERVICE_HOST: '10.96.0.1',
    });
    expect(Object.keys(seen).some((name) => /HIDDEN|HEADLESS/.test(name))).toBe(false);
  });
});
