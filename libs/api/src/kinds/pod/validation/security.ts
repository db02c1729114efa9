import { fieldPath, invalidValue, required } from '../../../errors';
import type { FieldError } from '../../../errors';
import type { PodSecurityContext, SeccompProfile, SecurityContext } from '../security-context';

export function checkSecurityContext(context: SecurityContext | undefined, path: string): FieldError[] {
  if (!context) return [];
  const at = fieldPath(path, 'securityContext');
  const errors = checkSeccomp(context.seccompProfile, at);
  if (context.allowPrivilegeEscalation !== false) return errors;
  const shown = { allowPrivilegeEscalation: false };
  if (context.privileged) {
    errors.push(invalidValue(at, shown, 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'));
  }
  if (context.capabilities?.add?.some((name) => name === 'SYS_ADMIN' || name === 'CAP_SYS_ADMIN')) {
    const words = 'cannot set `allowPrivilegeEscalation` to false and `capabilities.Add` CAP_SYS_ADMIN';
    errors.push(invalidValue(at, shown, words));
  }
  return errors;
}

export function checkPodSecurityContext(context: PodSecurityContext, path: string): FieldError[] {
  const at = fieldPath(path, 'securityContext');
  const names = (context.sysctls ?? []).flatMap(({ name }, i) =>
    /^[a-z0-9]([-_a-z0-9]*[a-z0-9])?([./][a-z0-9]([-_a-z0-9]*[a-z0-9])?)*$/.test(name) && name.length <= 253
      ? []
      : [
          invalidValue(
            fieldPath(at, 'sysctls', i, 'name'),
            name,
            'must have at most 253 characters and match regex ^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$',
          ),
        ],
  );
  return [...names, ...checkSeccomp(context.seccompProfile, at)];
}

function checkSeccomp(profile: SeccompProfile | undefined, path: string): FieldError[] {
  const field = fieldPath(path, 'seccompProfile', 'localhostProfile');
  if (!profile) return [];
  if (profile.type === 'Localhost') {
    return profile.localhostProfile ? [] : [required(field, 'must be set when seccomp type is Localhost')];
  }
  if (profile.localhostProfile === undefined) return [];
  return [invalidValue(field, profile.localhostProfile, 'can only be set when seccomp type is Localhost')];
}
