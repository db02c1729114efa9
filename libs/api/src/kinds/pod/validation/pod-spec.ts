import { fieldPath, forbiddenField, invalidValue, required } from '../../../errors';
import type { FieldError } from '../../../errors';
import { isDnsSubdomain, isQualifiedName } from '../../../names';
import { checkAnnotations, checkLabels } from '../../../validation';
import type { PodSpec } from '../pod-spec';
import type { PodTemplateSpec } from '../pod-template';
import { checkAffinity } from './affinity';
import { checkContainers } from './containers';
import { checkGates, checkSpread, checkTolerations } from './scheduling';
import { checkPodSecurityContext } from './security';
import { checkVolumes } from './volumes';

/** What is wrong with a pod's spec that its fields can't say by themselves. */
export function checkPodSpec(spec: PodSpec, path: string): FieldError[] {
  return [
    ...checkVolumes(spec.volumes ?? [], fieldPath(path, 'volumes')),
    ...checkContainers(spec, path),
    ...checkNetwork(spec, path),
    ...checkPodSecurityContext(spec.securityContext, path),
    ...checkReferences(spec, path),
    ...checkLabels(spec.nodeSelector ?? {}, fieldPath(path, 'nodeSelector')),
    ...checkAffinity(spec.affinity, fieldPath(path, 'affinity')),
    ...checkTolerations(spec.tolerations ?? [], fieldPath(path, 'tolerations')),
    ...checkSpread(spec.topologySpreadConstraints ?? [], fieldPath(path, 'topologySpreadConstraints')),
    ...checkGates(spec, path),
  ];
}

/** A template is a pod without a name. */
export function checkPodTemplate({ metadata = {}, spec }: PodTemplateSpec, path: string): FieldError[] {
  const errors = [
    ...checkLabels(metadata.labels ?? {}, fieldPath(path, 'metadata.labels')),
    ...checkAnnotations(metadata.annotations ?? {}, fieldPath(path, 'metadata.annotations')),
    ...checkPodSpec(spec, fieldPath(path, 'spec')),
  ];
  if (!spec.ephemeralContainers?.length) return errors;
  const words = 'ephemeral containers not allowed in pod template';
  return [...errors, forbiddenField(fieldPath(path, 'spec.ephemeralContainers'), words)];
}

function checkNetwork(
  { dnsPolicy, dnsConfig, hostAliases = [], shareProcessNamespace, hostPID }: PodSpec,
  path: string,
): FieldError[] {
  const errors = hostAliases.flatMap(({ hostnames = [] }, i) =>
    hostnames.flatMap((name) =>
      isDnsSubdomain(name).map((reason) => invalidValue(fieldPath(path, 'hostAliases', i, 'hostnames'), name, reason)),
    ),
  );
  if (dnsPolicy === 'None' && !dnsConfig?.nameservers?.length) {
    const words = 'must provide at least one DNS nameserver when `dnsPolicy` is None';
    errors.push(required(fieldPath(path, dnsConfig ? 'dnsConfig.nameservers' : 'dnsConfig'), words));
  }
  if ((dnsConfig?.nameservers?.length ?? 0) > 3) {
    const words = 'must not have more than 3 nameservers';
    errors.push(invalidValue(fieldPath(path, 'dnsConfig.nameservers'), dnsConfig?.nameservers, words));
  }
  if (shareProcessNamespace && hostPID) {
    const words = 'ShareProcessNamespace and HostPID cannot both be enabled';
    errors.push(invalidValue(fieldPath(path, 'shareProcessNamespace'), true, words));
  }
  return errors;
}

function checkReferences({ imagePullSecrets = [], readinessGates = [] }: PodSpec, path: string): FieldError[] {
  return [
    ...imagePullSecrets.flatMap(({ name }, i) =>
      name ? [] : [required(fieldPath(path, 'imagePullSecrets', i, 'name'))],
    ),
    ...readinessGates.flatMap(({ conditionType }, i) =>
      isQualifiedName(conditionType).map((reason) =>
        invalidValue(fieldPath(path, 'readinessGates', i, 'conditionType'), conditionType, reason),
      ),
    ),
  ];
}
