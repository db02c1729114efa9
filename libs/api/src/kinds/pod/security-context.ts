import { Bool, Int, ListOf, Obj, Schema, Str } from '../../fields';

@Schema({ doc: 'SELinux label parts.' })
export class SELinuxOptions {
  @Str({ doc: 'User part.', optional: true })
  user?: string;

  @Str({ doc: 'Role part.', optional: true })
  role?: string;

  @Str({ doc: 'Type part.', optional: true })
  type?: string;

  @Str({ doc: 'Level part.', optional: true })
  level?: string;
}

@Schema({ doc: 'Filter of system calls.' })
export class SeccompProfile {
  @Str({ doc: 'Which profile.', enum: ['Localhost', 'RuntimeDefault', 'Unconfined'] })
  type!: 'Localhost' | 'RuntimeDefault' | 'Unconfined';

  @Str({ doc: 'Profile file on the node, for type Localhost.', optional: true })
  localhostProfile?: string;
}

@Schema({ doc: 'AppArmor confinement.' })
export class AppArmorProfile {
  @Str({ doc: 'Which profile.', enum: ['Localhost', 'RuntimeDefault', 'Unconfined'] })
  type!: 'Localhost' | 'RuntimeDefault' | 'Unconfined';

  @Str({ doc: 'Profile loaded on the node, for type Localhost.', optional: true })
  localhostProfile?: string;
}

@Schema({ doc: 'Settings for Windows containers.' })
export class WindowsSecurityContextOptions {
  @Str({ doc: 'Name of the GMSA credential spec.', optional: true })
  gmsaCredentialSpecName?: string;

  @Str({ doc: 'The GMSA credential spec itself.', optional: true })
  gmsaCredentialSpec?: string;

  @Str({ doc: 'Windows user of the process.', optional: true })
  runAsUserName?: string;

  @Bool({ doc: 'Whether it runs as a process of the host.', optional: true })
  hostProcess?: boolean;
}

@Schema({ doc: "Changes to the runtime's default capabilities." })
export class Capabilities {
  @ListOf('string', { doc: 'Capabilities to add.', optional: true, listType: 'atomic' })
  add?: string[];

  @ListOf('string', { doc: 'Capabilities to take away; `ALL` for every one.', optional: true, listType: 'atomic' })
  drop?: string[];
}

@Schema({ doc: "A kernel parameter of the pod's namespaces." })
export class Sysctl {
  @Str({ doc: 'Name of the parameter.' })
  name!: string;

  @Str({ doc: 'Its value.' })
  value!: string;
}

@Schema({ doc: "Privileges of one container; they win over the pod's." })
export class SecurityContext {
  @Obj(() => Capabilities, { doc: 'Capabilities to add and drop.', optional: true })
  capabilities?: Capabilities;

  @Bool({ doc: "Whether it has almost all rights of the host's root.", optional: true })
  privileged?: boolean;

  @Obj(() => SELinuxOptions, { doc: 'SELinux label.', optional: true })
  seLinuxOptions?: SELinuxOptions;

  @Obj(() => WindowsSecurityContextOptions, { doc: 'Settings for Windows.', optional: true })
  windowsOptions?: WindowsSecurityContextOptions;

  @Int({ doc: "UID of the process; the image's unless given.", optional: true, min: 0, max: 2147483647, bits: 64 })
  runAsUser?: number;

  @Int({ doc: 'Primary GID of the process.', optional: true, min: 0, max: 2147483647, bits: 64 })
  runAsGroup?: number;

  @Bool({ doc: 'Refuse to start it as UID 0.', optional: true })
  runAsNonRoot?: boolean;

  @Bool({ doc: 'Whether its root file system is read-only.', optional: true })
  readOnlyRootFilesystem?: boolean;

  @Bool({ doc: 'Whether a process may gain rights over its parent (setuid, file capabilities).', optional: true })
  allowPrivilegeEscalation?: boolean;

  @Str({ doc: 'How /proc is masked.', optional: true, enum: ['Default', 'Unmasked'] })
  procMount?: 'Default' | 'Unmasked';

  @Obj(() => SeccompProfile, { doc: 'Filter of system calls.', optional: true })
  seccompProfile?: SeccompProfile;

  @Obj(() => AppArmorProfile, { doc: 'AppArmor confinement.', optional: true })
  appArmorProfile?: AppArmorProfile;
}

@Schema({ doc: 'Privileges of all containers of a pod and settings of the pod itself.' })
export class PodSecurityContext {
  @Obj(() => SELinuxOptions, { doc: 'SELinux label.', optional: true })
  seLinuxOptions?: SELinuxOptions;

  @Obj(() => WindowsSecurityContextOptions, { doc: 'Settings for Windows.', optional: true })
  windowsOptions?: WindowsSecurityContextOptions;

  @Int({ doc: "UID of the processes; the image's unless given.", optional: true, min: 0, max: 2147483647, bits: 64 })
  runAsUser?: number;

  @Int({ doc: 'Primary GID of the processes.', optional: true, min: 0, max: 2147483647, bits: 64 })
  runAsGroup?: number;

  @Bool({ doc: 'Refuse to start containers as UID 0.', optional: true })
  runAsNonRoot?: boolean;

  @ListOf('int64', { doc: 'Further groups of the processes.', optional: true, listType: 'atomic' })
  supplementalGroups?: number[];

  @Str({ doc: "Whether groups of the image's /etc/group count too.", optional: true, enum: ['Merge', 'Strict'] })
  supplementalGroupsPolicy?: 'Merge' | 'Strict';

  @Int({
    doc: 'Group that owns volumes and is added to the processes.',
    optional: true,
    min: 0,
    max: 2147483647,
    bits: 64,
  })
  fsGroup?: number;

  @Str({ doc: 'When ownership of a volume is changed to fsGroup.', optional: true, enum: ['OnRootMismatch', 'Always'] })
  fsGroupChangePolicy?: 'OnRootMismatch' | 'Always';

  @ListOf(() => Sysctl, { doc: 'Kernel parameters of the pod.', optional: true, listType: 'atomic' })
  sysctls?: Sysctl[];

  @Obj(() => SeccompProfile, { doc: 'Filter of system calls.', optional: true })
  seccompProfile?: SeccompProfile;

  @Obj(() => AppArmorProfile, { doc: 'AppArmor confinement.', optional: true })
  appArmorProfile?: AppArmorProfile;

  @Str({ doc: 'How volumes get the SELinux label.', optional: true, enum: ['MountOption', 'Recursive'] })
  seLinuxChangePolicy?: 'MountOption' | 'Recursive';
}
