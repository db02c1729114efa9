import { readFile } from 'node:fs/promises';
import { failed, invalid } from '../errors';
import type { Security } from '../runtime';
import type { OciSeccomp, OciSyscallRule } from '../spec/oci-spec';
import defaultProfile from './default-profile.json';

/** A seccomp profile as Docker writes them: rules that apply only with or without some capability or architecture. */
export interface SeccompProfile {
  defaultAction: string;
  defaultErrnoRet?: number;
  archMap?: { architecture: string; subArchitectures: string[] }[];
  architectures?: string[];
  syscalls: ProfileRule[];
}

interface ProfileRule {
  names?: string[];
  name?: string;
  action: string;
  errnoRet?: number;
  args?: OciSyscallRule['args'] | null;
  includes?: Condition;
  excludes?: Condition;
}

interface Condition {
  caps?: string[];
  arches?: string[];
}

const architectureNames: Partial<Record<NodeJS.Architecture, { profile: string; seccomp: string }>> = {
  x64: { profile: 'amd64', seccomp: 'SCMP_ARCH_X86_64' },
  arm64: { profile: 'arm64', seccomp: 'SCMP_ARCH_AARCH64' },
};

/** The profile the container runs under; undefined = none. Throws Invalid for a file that is no profile. */
export async function loadProfile(security: Security): Promise<SeccompProfile | undefined> {
  const wanted = security.seccomp ?? 'default';
  if (wanted === 'unconfined' || (security.privileged && security.seccomp === undefined)) return undefined;
  if (wanted === 'default') return defaultProfile;
  const text = await readFile(wanted, 'utf8').catch((error: unknown) => {
    throw failed(`cannot read seccomp profile ${wanted}`, error);
  });
  try {
    return JSON.parse(text) as SeccompProfile;
  } catch {
    throw invalid(`seccomp profile ${wanted} is not valid JSON`);
  }
}

/** Settles the conditions for one container: what remains is what an OCI runtime understands. */
export function resolveProfile(
  profile: SeccompProfile,
  capabilities: readonly string[],
  architecture: NodeJS.Architecture = process.arch,
): OciSeccomp {
  const own = architectureNames[architecture];
  const applies = ({ includes, excludes }: ProfileRule) =>
    (includes?.caps ?? []).every((name) => capabilities.includes(name)) &&
    (!includes?.arches?.length || includes.arches.includes(own?.profile ?? '')) &&
    !(excludes?.caps ?? []).some((name) => capabilities.includes(name)) &&
    !(excludes?.arches ?? []).includes(own?.profile ?? '');
  const mapped = profile.archMap?.find((entry) => entry.architecture === own?.seccomp);
  return {
    defaultAction: profile.defaultAction,
    ...(profile.defaultErrnoRet !== undefined && { defaultErrnoRet: profile.defaultErrnoRet }),
    architectures: mapped ? [mapped.architecture, ...mapped.subArchitectures] : (profile.architectures ?? []),
    syscalls: profile.syscalls.filter(applies).map(withoutConditions),
  };
}

const withoutConditions = ({ names, name, action, errnoRet, args }: ProfileRule): OciSyscallRule => ({
  names: names ?? (name === undefined ? [] : [name]),
  action,
  ...(errnoRet !== undefined && { errnoRet }),
  ...(args?.length && { args }),
});
