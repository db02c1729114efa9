/** One place that serves a repository's content. */
export interface Endpoint {
  /** Base URL, without `/v2/`. */
  url: URL;
  /** The registry the image is named after, which the user's credentials are for; a mirror otherwise. */
  upstream: boolean;
}

export interface EndpointSettings {
  /** By registry domain: base URLs of mirrors, tried in this order before the registry itself. */
  mirrors?: Record<string, string[]>;
  /** Domains spoken to in plain HTTP. Loopback addresses always are. */
  insecure?: string[];
}

const LOOPBACK = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])(?::\d+)?$/;

/** Where to look for the images of a domain, in order. */
export function endpointsOf(domain: string, { mirrors = {}, insecure = [] }: EndpointSettings): Endpoint[] {
  // Docker Hub's registry does not live at the name its images carry.
  const host = domain === 'docker.io' ? 'registry-1.docker.io' : domain;
  const scheme = LOOPBACK.test(host) || insecure.includes(host) ? 'http' : 'https';
  return [
    ...(mirrors[domain] ?? []).map((mirror) => ({ url: new URL(mirror), upstream: false })),
    { url: new URL(`${scheme}://${host}`), upstream: true },
  ];
}
