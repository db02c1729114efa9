import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface RegistrySettings {
  /** Folder of the storage tree; made if it is not there. */
  dataDirectory: string;
  /** IP addresses to listen on, each at the same port. */
  bindAddresses: string[];
  /** 0: the system chooses (for a single address). */
  port: number;
  logLevel: 'debug' | 'info' | 'warn' | 'error';
}

const OPTIONS = {
  'data-dir': { type: 'string', default: '.gantry/registry' },
  'bind-address': { type: 'string', multiple: true },
  port: { type: 'string', default: '5000' },
  'log-level': { type: 'string', default: 'info' },
} as const;

const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** Reads the command line. Throws an Error that says what is wrong. */
export function parseSettings(argv: string[]): RegistrySettings {
  const { values } = parseArgs({ args: argv, options: OPTIONS });
  const port = Number(values.port);
  if (!/^\d+$/.test(values.port) || port > 65535) throw new Error(`--port: "${values.port}" is not a port number`);
  const bindAddresses = values['bind-address'] ?? ['127.0.0.1'];
  for (const address of bindAddresses) {
    if (!isIP(address)) throw new Error(`--bind-address: "${address}" is not an IP address`);
  }
  const logLevel = LOG_LEVELS.find((level) => level === values['log-level']);
  if (!logLevel) throw new Error(`--log-level: "${values['log-level']}" is not one of ${LOG_LEVELS.join(', ')}`);
  return { dataDirectory: resolve(values['data-dir']), bindAddresses, port, logLevel };
}

export const settingsUsage = (): string => `gantry registry: stores and serves container images

  --data-dir DIR         where everything is kept (${OPTIONS['data-dir'].default})
  --bind-address IP      address to listen on; may be given several times (127.0.0.1)
  --port PORT            port of the API, /metrics and /healthz (${OPTIONS.port.default})
  --log-level LEVEL      ${LOG_LEVELS.join(', ')} (${OPTIONS['log-level'].default})
`;
