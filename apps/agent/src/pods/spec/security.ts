import type { Container, Pod } from '@gantry/api';
import type { ImageConfig, Security } from '@gantry/runtime';
import { join } from 'node:path';
import { ContainerConfigError } from './environment';

/** A container's security settings; what it does not say itself, its pod says for all. */
export function containerSecurity(pod: Pod, container: Container, seccompRoot: string): Security {
  const own = container.securityContext;
  const profile = own?.seccompProfile ?? pod.spec.securityContext?.seccompProfile;
  return {
    privileged: own?.privileged ?? false,
    capabilitiesAdd: own?.capabilities?.add ?? [],
    capabilitiesDrop: own?.capabilities?.drop ?? [],
    noNewPrivileges: own?.allowPrivilegeEscalation === false,
    readOnlyRootfs: own?.readOnlyRootFilesystem ?? false,
    unmaskedProc: own?.procMount === 'Unmasked',
    seccomp: seccomp(profile, own?.privileged ?? false, seccompRoot),
  };
}

function seccomp(
  profile: { type: string; localhostProfile?: string } | undefined,
  privileged: boolean,
  seccompRoot: string,
): string {
  if (privileged || profile?.type === 'Unconfined') return 'unconfined';
  if (profile?.type === 'Localhost') return join(seccompRoot, profile.localhostProfile!);
  return 'default';
}

/** `uid[:gid]` to run as; undefined = the image's own choice. Refuses root where the pod forbids it. */
export function containerUser(pod: Pod, container: Container, image: ImageConfig): string | undefined {
  const pods = pod.spec.securityContext;
  const own = container.securityContext;
  const uid = own?.runAsUser ?? pods?.runAsUser;
  const gid = own?.runAsGroup ?? pods?.runAsGroup;
  if (own?.runAsNonRoot ?? pods?.runAsNonRoot) refuseRoot(uid, image.User ?? '');
  if (uid === undefined && gid === undefined) return undefined;
  const user = uid === undefined ? (image.User ?? '').split(':')[0] || '0' : String(uid);
  return gid === undefined ? user : `${user}:${gid}`;
}

export function supplementalGroups(pod: Pod): number[] {
  const { supplementalGroups: groups = [], fsGroup } = pod.spec.securityContext ?? {};
  return fsGroup === undefined ? groups : [...groups, fsGroup];
}

function refuseRoot(uid: number | undefined, imageUser: string): void {
  if (uid === 0) throw new ContainerConfigError("container's runAsUser breaks non-root policy");
  if (uid !== undefined) return;
  const user = imageUser.split(':')[0]!;
  if (user === '' || user === '0' || user === 'root') {
    throw new ContainerConfigError('container has runAsNonRoot and image will run as root');
  }
  if (!/^\d+$/.test(user)) {
    throw new ContainerConfigError(
      `container has runAsNonRoot and image has non-numeric user (${user}), cannot verify user is non-root`,
    );
  }
}
