import type { ConfigMap, Container, EnvFromSource, EnvVar, Pod, Secret, Service } from '@gantry/api';
import { expand } from './expansion';
import { fieldValue, resourceValue, type PodFacts } from './field-ref';
import { serviceVariables } from './service-links';

/** The objects of a pod's namespace that its containers may refer to. */
export interface PodReferences {
  configMap(name: string): ConfigMap | undefined;
  secret(name: string): Secret | undefined;
}

/** A container cannot be made as the pod describes it; the message says which reference is missing. */
export class ContainerConfigError extends Error {
  override name = 'ContainerConfigError';
}

export interface EnvironmentInput {
  container: Container;
  facts: PodFacts;
  references: PodReferences;
  /** Services the pod may be told of: its namespace's, and the API's own. */
  services: Service[];
}

/**
 * The environment of a container: services first, then `envFrom`, then `env`, the later over the earlier.
 * A value may name any variable before it as `$(NAME)`.
 */
export function environment({ container, facts, references, services }: EnvironmentInput): Map<string, string> {
  const variables = new Map<string, string>(serviceVariables(linkedServices(facts.pod, services)));
  for (const source of container.envFrom ?? []) {
    for (const [key, value] of sourceEntries(source, references)) variables.set(`${source.prefix ?? ''}${key}`, value);
  }
  for (const variable of container.env ?? []) {
    const value = variableValue(variable, container, facts, references, variables);
    if (value !== undefined) variables.set(variable.name, value);
  }
  return variables;
}

function linkedServices(pod: Pod, services: Service[]): Service[] {
  const own = pod.spec.enableServiceLinks !== false;
  return services.filter(({ metadata: { name, namespace } }) =>
    namespace === 'default' && name === 'kubernetes' ? true : own && namespace === pod.metadata.namespace,
  );
}

function sourceEntries(source: EnvFromSource, references: PodReferences): [string, string][] {
  if (source.configMapRef) {
    const { name, optional } = source.configMapRef;
    const configMap = references.configMap(name!);
    if (!configMap && !optional) throw new ContainerConfigError(`configmap "${name}" not found`);
    return Object.entries(configMap?.data ?? {});
  }
  if (source.secretRef) {
    const { name, optional } = source.secretRef;
    const secret = references.secret(name!);
    if (!secret && !optional) throw new ContainerConfigError(`secret "${name}" not found`);
    return Object.entries(secret?.data ?? {}).map(([key, value]) => [key, decode(value)]);
  }
  return [];
}

function variableValue(
  { name, value, valueFrom }: EnvVar,
  container: Container,
  facts: PodFacts,
  references: PodReferences,
  before: ReadonlyMap<string, string>,
): string | undefined {
  if (!valueFrom) return expand(value ?? '', (other) => before.get(other));
  if (valueFrom.fieldRef) return fieldValue(valueFrom.fieldRef, facts);
  if (valueFrom.resourceFieldRef) {
    const selector = { containerName: container.name, ...valueFrom.resourceFieldRef };
    const containers = [...(facts.pod.spec.initContainers ?? []), ...facts.pod.spec.containers];
    return resourceValue(selector, containers, facts.node);
  }
  if (valueFrom.configMapKeyRef) return configMapKey(valueFrom.configMapKeyRef, facts.pod, references);
  if (valueFrom.secretKeyRef) return secretKey(valueFrom.secretKeyRef, facts.pod, references);
  throw new ContainerConfigError(`environment variable "${name}" has no source`);
}

interface KeySelector {
  name?: string;
  key: string;
  optional?: boolean;
}

function configMapKey({ name, key, optional }: KeySelector, pod: Pod, references: PodReferences): string | undefined {
  const configMap = references.configMap(name!);
  const value = configMap?.data?.[key];
  if (value !== undefined || optional) return value;
  if (!configMap) throw new ContainerConfigError(`configmap "${name}" not found`);
  throw new ContainerConfigError(`couldn't find key ${key} in ConfigMap ${pod.metadata.namespace}/${name}`);
}

function secretKey({ name, key, optional }: KeySelector, pod: Pod, references: PodReferences): string | undefined {
  const secret = references.secret(name!);
  const value = secret?.data?.[key];
  if (value !== undefined) return decode(value);
  if (optional) return undefined;
  if (!secret) throw new ContainerConfigError(`secret "${name}" not found`);
  throw new ContainerConfigError(`couldn't find key ${key} in Secret ${pod.metadata.namespace}/${name}`);
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString();
