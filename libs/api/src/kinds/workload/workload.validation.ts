import { fieldPath, forbiddenField, invalidValue, notSupported } from '../../errors';
import type { FieldError } from '../../errors';
import type { LabelSelector } from '../../meta';
import { isPercent } from '../../names';
import { labelSelector } from '../../selectors';
import { checkLabelSelector, isEmptySelector } from '../label-selector.validation';
import type { PodTemplateSpec } from '../pod/pod-template';
import { checkPodTemplate } from '../pod/validation/pod-spec';
import type { DeploymentSpec, RollingUpdateDeployment } from './deployment';

/** What holds for everything that keeps pods running: it finds its own pods again, and these never end by themselves. */
export function checkWorkload({
  selector,
  template,
}: {
  selector: LabelSelector;
  template: PodTemplateSpec;
}): FieldError[] {
  const errors = checkLabelSelector(selector, 'spec.selector');
  if (isEmptySelector(selector)) {
    errors.push(invalidValue('spec.selector', selector, 'empty selector is invalid for deployment'));
  } else if (errors.length === 0 && !labelSelector(selector).matches(template.metadata?.labels)) {
    const words = '`selector` does not match template `labels`';
    errors.push(invalidValue('spec.template.metadata.labels', template.metadata?.labels ?? {}, words));
  }
  const { restartPolicy, activeDeadlineSeconds } = template.spec;
  if (restartPolicy !== 'Always') {
    errors.push(notSupported('spec.template.spec.restartPolicy', restartPolicy, ['Always']));
  }
  if (activeDeadlineSeconds !== undefined) {
    const words = 'activeDeadlineSeconds in ReplicaSet is not Supported';
    errors.push(forbiddenField('spec.template.spec.activeDeadlineSeconds', words));
  }
  return [...errors, ...checkPodTemplate(template, 'spec.template')];
}

export function checkDeployment(spec: DeploymentSpec): FieldError[] {
  const errors = [...checkWorkload(spec), ...checkStrategy(spec)];
  if (spec.progressDeadlineSeconds <= (spec.minReadySeconds ?? 0)) {
    const words = 'must be greater than minReadySeconds';
    errors.push(invalidValue('spec.progressDeadlineSeconds', spec.progressDeadlineSeconds, words));
  }
  return errors;
}

function checkStrategy({ strategy: { type, rollingUpdate } }: DeploymentSpec): FieldError[] {
  const field = 'spec.strategy.rollingUpdate';
  if (!rollingUpdate) return [];
  if (type === 'RollingUpdate') return checkRollingUpdate(rollingUpdate, field);
  return [forbiddenField(field, "may not be specified when strategy `type` is 'Recreate'")];
}

/** With neither a missing nor a spare pod allowed, a rolling update could not take its first step. */
function checkRollingUpdate(
  { maxUnavailable = 0, maxSurge = 0 }: RollingUpdateDeployment,
  field: string,
): FieldError[] {
  const unavailable = fieldPath(field, 'maxUnavailable');
  const errors = [...checkShare(maxUnavailable, unavailable), ...checkShare(maxSurge, fieldPath(field, 'maxSurge'))];
  if (Number.parseInt(String(maxUnavailable)) === 0 && Number.parseInt(String(maxSurge)) === 0) {
    errors.push(invalidValue(unavailable, maxUnavailable, 'may not be 0 when `maxSurge` is 0'));
  }
  if (typeof maxUnavailable === 'string' && Number.parseInt(maxUnavailable) > 100) {
    errors.push(invalidValue(unavailable, maxUnavailable, 'must not be greater than 100%'));
  }
  return errors;
}

/** A number of pods, or a percentage of them. */
function checkShare(value: number | string, field: string): FieldError[] {
  if (typeof value === 'string') return isPercent(value).map((reason) => invalidValue(field, value, reason));
  return value >= 0 ? [] : [invalidValue(field, value, 'must be greater than or equal to 0')];
}
