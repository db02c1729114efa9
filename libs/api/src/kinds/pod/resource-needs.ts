import { Quantity } from '../../quantity';
import type { Container } from './container';
import { allContainers } from './defaults';
import type { PodSpec } from './pod-spec';

export type QosClass = 'Guaranteed' | 'Burstable' | 'BestEffort';

/** The resources that decide on the quality of service. */
const QOS_RESOURCES = ['cpu', 'memory'] as const;

/** Guaranteed when every container has limits for CPU and memory that equal its requests; BestEffort when none says anything. */
export function qosClass(spec: PodSpec): QosClass {
  const containers = allContainers({ ...spec, ephemeralContainers: [] });
  if (containers.every((container) => QOS_RESOURCES.every((name) => isUnsaid(container, name)))) return 'BestEffort';
  const guaranteed = containers.every((container) => QOS_RESOURCES.every((name) => isGuaranteed(container, name)));
  return guaranteed ? 'Guaranteed' : 'Burstable';
}

function isUnsaid({ resources }: Container, name: string): boolean {
  return isZero(resources.requests?.[name]) && isZero(resources.limits?.[name]);
}

function isGuaranteed({ resources }: Container, name: string): boolean {
  const limit = resources.limits?.[name];
  if (isZero(limit)) return false;
  return Quantity.parse(resources.requests?.[name] ?? limit!).equals(Quantity.parse(limit!));
}

function isZero(quantity: string | undefined): boolean {
  return quantity === undefined || Quantity.parse(quantity).sign() === 0;
}
