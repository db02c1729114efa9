/**
 * How the parts of the system tell what they do.
 *
 * - `logger.ts`: structured lines with a scope, secrets kept out.
 * - `metrics.ts`: one registry a process, Prometheus' text.
 * - `health.ts`: named checks, printed as Kubernetes does.
 * - `serve-metrics.ts`: /metrics and /healthz for components without an HTTP server.
 */
export * from './health';
export * from './logger';
export * from './metrics';
export * from './serve-metrics';
