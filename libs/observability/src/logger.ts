import { pino, stdTimeFunctions, type Bindings, type DestinationStream, type Logger as PinoLogger } from 'pino';

/**
 * Structured logging, one JSON object a line. Fields first, message second: `log.warn({ pod, err }, 'could not start')`.
 * `err` is the field for errors: its stack and causes are written out.
 */
export type Logger = Pick<PinoLogger, 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'isLevelEnabled'> & {
  /** A logger that adds these fields to each line. `scope` names the part of the program: `scheduler.queue`. */
  child(fields: Bindings): Logger;
};

export interface LoggerOptions {
  /** The program, e.g. `control-plane`; written as `component`. */
  component: string;
  /** The least severe level that is written; `info` unless given. */
  level?: 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal' | 'silent';
  /** Where lines go; standard output unless given. */
  destination?: DestinationStream;
}

// Fields that hold secrets wherever they are logged from. The contents of a Secret are never logged either:
// log an object's kind, namespace and name, not the object.
const SECRET_FIELDS = ['authorization', 'Authorization', 'password', 'token', 'privateKey', 'cookie'];

export function createLogger(options: LoggerOptions): Logger {
  return pino(
    {
      level: options.level ?? 'info',
      base: { component: options.component },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: SECRET_FIELDS.flatMap((field) => [field, `*.${field}`, `*.*.${field}`]), censor: '[redacted]' },
    },
    ...(options.destination ? [options.destination] : []),
  );
}

/** Writes nothing. */
export const silentLogger: Logger = pino({ level: 'silent' });
