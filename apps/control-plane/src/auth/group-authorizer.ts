import type { Authorizer, PathAccess, ResourceAccess } from './authorization';
import { isPublicPath } from './public-paths';
import { AUTHENTICATED, MASTERS, reconcilerUser, schedulerUser } from './users';

const DISCOVERY_PATHS = /^\/(api|apis|openapi)(\/|$)/;

/**
 * Rights that need no rules to be kept: administrators and the control plane's own parts may do everything, whoever
 * is known may discover the API, and everybody may ask for health and version.
 */
export class GroupAuthorizer implements Authorizer {
  allowsResource({ user }: ResourceAccess): boolean {
    return user.groups.includes(MASTERS) || user.name === schedulerUser.name || user.name === reconcilerUser.name;
  }

  allowsPath({ user, path }: PathAccess): boolean {
    if (isPublicPath(path) || user.groups.includes(MASTERS)) return true;
    return DISCOVERY_PATHS.test(path) && user.groups.includes(AUTHENTICATED);
  }
}
