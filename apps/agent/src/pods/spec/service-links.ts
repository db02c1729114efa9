import type { Service } from '@gantry/api';

/**
 * The variables by which a container finds services without DNS: Kubernetes' `NAME_SERVICE_HOST` and the form
 * Docker links had (`NAME_PORT_80_TCP_ADDR` …).
 */
export function serviceVariables(services: Service[]): [name: string, value: string][] {
  return services.flatMap((service) => {
    const host = service.spec.clusterIP;
    const ports = service.spec.ports ?? [];
    if (!host || host === 'None' || ports.length === 0) return [];
    const prefix = variableName(service.metadata.name);
    const variables: [string, string][] = [
      [`${prefix}_SERVICE_HOST`, host],
      [`${prefix}_SERVICE_PORT`, String(ports[0]!.port)],
    ];
    for (const port of ports) {
      if (port.name) variables.push([`${prefix}_SERVICE_PORT_${variableName(port.name)}`, String(port.port)]);
    }
    for (const [index, { port, protocol = 'TCP' }] of ports.entries()) {
      const url = `${protocol.toLowerCase()}://${hostText(host)}:${port}`;
      if (index === 0) variables.push([`${prefix}_PORT`, url]);
      const link = `${prefix}_PORT_${port}_${protocol}`;
      variables.push([link, url], [`${link}_PROTO`, protocol.toLowerCase()]);
      variables.push([`${link}_PORT`, String(port)], [`${link}_ADDR`, host]);
    }
    return variables;
  });
}

const variableName = (name: string): string => name.toUpperCase().replaceAll('-', '_');

const hostText = (host: string): string => (host.includes(':') ? `[${host}]` : host);
