import { Event, Pod } from '@gantry/api';
import { withApi } from '../cluster/api';
import { existingLayout } from '../cluster/layout';

/** Says why a pod is not running, from what the cluster has written down about it. */
export async function why(directory: string, object: string, namespace: string): Promise<void> {
  const [kind, name, ...rest] = object.split('/');
  if (!['pod', 'pods', 'po'].includes(kind ?? '') || !name || rest.length > 0) {
    throw new Error(`"${object}" is not of the form pod/NAME`);
  }
  const layout = await existingLayout(directory);
  await withApi(layout, async (client) => {
    const pod = await client.resource(Pod).get({ namespace, name });
    const fieldSelector = `involvedObject.uid=${pod.metadata.uid},type=Warning`;
    const { items } = await client.resource(Event).list({ namespace, fieldSelector });
    for (const line of explain(pod, items)) console.log(line);
  });
}

/** The lines of the answer. */
export function explain(pod: Pod, warnings: readonly Event[]): string[] {
  const { phase, conditions = [] } = pod.status;
  const lines = [
    `pod ${pod.metadata.name} is ${phase ?? 'Pending'}${pod.spec.nodeName ? ` on ${pod.spec.nodeName}` : ''}`,
  ];
  for (const { type, status, reason, message } of conditions) {
    if (status !== 'True' && message) lines.push(`  ${type}: ${reason ?? status}: ${message}`);
  }
  for (const { name, state } of [
    ...(pod.status.initContainerStatuses ?? []),
    ...(pod.status.containerStatuses ?? []),
  ]) {
    const stuck = state?.waiting ?? (state?.terminated?.exitCode ? state.terminated : undefined);
    if (stuck?.reason) lines.push(`  container ${name}: ${stuck.reason}${stuck.message ? `: ${stuck.message}` : ''}`);
  }
  for (const { reason, message, count } of warnings)
    lines.push(`  event ${reason}${count && count > 1 ? ` (${count} times)` : ''}: ${message}`);
  if (lines.length === 1) lines.push('  nothing holds it up');
  return lines;
}
