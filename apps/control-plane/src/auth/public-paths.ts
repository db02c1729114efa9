const PUBLIC_PATHS = /^\/(healthz|livez|readyz|version)(\/|\?|$)/;

/** Whether everybody may read what is under a path, known or not: health and version, which load balancers ask for. */
export function isPublicPath(path: string): boolean {
  return PUBLIC_PATHS.test(path);
}
