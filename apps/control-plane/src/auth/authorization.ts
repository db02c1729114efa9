import { StatusError, type User, type Verb } from '@gantry/api';

/** What somebody wants to do to a resource. */
export interface ResourceAccess {
  user: User;
  verb: Verb;
  group: string;
  resource: string;
  subresource?: string;
  namespace?: string;
  name?: string;
  fieldSelector?: string;
}

/** Something under the API server that is no resource: discovery, health, metrics. */
export interface PathAccess {
  user: User;
  path: string;
}

/**
 * One source of rights. Sources are asked in turn and the first to allow decides; none can take away what another
 * gives. RBAC becomes one more of them.
 */
export interface Authorizer {
  allowsResource(access: ResourceAccess): boolean | Promise<boolean>;
  allowsPath(access: PathAccess): boolean | Promise<boolean>;
}

export class UnionAuthorizer implements Authorizer {
  constructor(private readonly sources: readonly Authorizer[]) {}

  async allowsResource(access: ResourceAccess): Promise<boolean> {
    for (const source of this.sources) if (await source.allowsResource(access)) return true;
    return false;
  }

  async allowsPath(access: PathAccess): Promise<boolean> {
    for (const source of this.sources) if (await source.allowsPath(access)) return true;
    return false;
  }
}

/** Why access is refused, in the words Kubernetes' users know. */
export function refusal({ user, verb, group, resource, subresource, namespace }: ResourceAccess): string {
  const what = `resource "${subresource ? `${resource}/${subresource}` : resource}" in API group "${group}"`;
  const where = namespace === undefined ? 'at the cluster scope' : `in the namespace "${namespace}"`;
  return `User "${user.name}" cannot ${verb} ${what} ${where}`;
}

export function pathRefused({ user, path }: PathAccess): StatusError {
  return new StatusError('Forbidden', `forbidden: User "${user.name}" cannot get path "${path}"`, {});
}
