import type { Strategy } from '../../kind';
import { defaultPodSpec } from '../pod/defaults';
import type { PodTemplate, PodTemplateSpec } from '../pod/pod-template';
import type { Deployment } from './deployment';
import type { ReplicaSet } from './replica-set';
import { checkDeployment, checkWorkload } from './workload.validation';
import { checkPodTemplate } from '../pod/validation/pod-spec';

export const podTemplateStrategy: Strategy<PodTemplate> = {
  applyDefaults({ template }) {
    defaultTemplate(template);
  },

  validate({ template }) {
    return checkPodTemplate(template, 'template');
  },
};

export const replicaSetStrategy: Strategy<ReplicaSet> = {
  applyDefaults({ spec }) {
    defaultTemplate(spec?.template);
  },

  validate({ spec }) {
    return checkWorkload(spec);
  },
};

export const deploymentStrategy: Strategy<Deployment> = {
  applyDefaults({ spec }) {
    defaultTemplate(spec?.template);
    if (spec?.strategy.type !== 'RollingUpdate') return;
    spec.strategy.rollingUpdate = { maxUnavailable: '25%', maxSurge: '25%', ...spec.strategy.rollingUpdate };
  },

  validate({ spec }) {
    return checkDeployment(spec);
  },
};

/** Runs before required fields are checked, so the template or its spec may be missing. */
function defaultTemplate(template?: Partial<PodTemplateSpec>): void {
  if (template?.spec) defaultPodSpec(template.spec);
}
